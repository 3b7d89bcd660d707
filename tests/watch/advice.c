/* SPDX-License-Identifier: MIT */
/* What a cgroup's path says, and what to do about a loss. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "remedy.h"
#include "tap.h"
#include "unit.h"

#define WATCH_SHIM "/usr/lib/libclonexec-preload.so"
#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

struct place {
	const char *cgroup, *name, *container;
	int of_user;
};

static void places(void)
{
	static const struct place table[] = {
		{ "/", "", "", 0 },
		{ "", "", "", 0 },
		{ "/init.scope", "init.scope", "", 0 },
		{ "/system.slice/cron.service", "cron.service", "", 0 },
		{ "/system.slice/system-getty.slice/getty@tty1.service",
		  "getty@tty1.service", "", 0 },
		/* What a service makes below itself. */
		{ "/system.slice/agent.service/workers", "agent.service", "",
		  0 },
		{ "/system.slice/agent.service/reboot.service", "agent.service",
		  "", 0 },
		{ "/system.slice/agent.service/user@0.service/a.service",
		  "agent.service", "", 0 },
		{ "/system.slice/-Hwhere.service", "", "", 0 },
		{ "/user.slice/user-1000.slice/session-3.scope",
		  "session-3.scope", "", 0 },
		{ "/user.slice/user-1000.slice/user@1000.service/app.slice/"
		  "agent.service",
		  "agent.service", "", 1 },
		/* A user may give a group of his own any name. */
		{ "/user.slice/user-1000.slice/user@1000.service/"
		  "sshd.service",
		  "sshd.service", "", 1 },
		{ "/system.slice/docker-" ID ".scope", "", ID, 0 },
		{ "/docker/" ID, "", ID, 0 },
		{ "/machine.slice/libpod-" ID ".scope/container", "", ID, 0 },
		{ "/kubepods.slice/kubepods-burstable.slice/"
		  "kubepods-burstable-pod1_2.slice/cri-containerd-" ID ".scope",
		  "", ID, 0 },
		{ "/kubepods/besteffort/pod1-2/" ID, "", ID, 0 },
		{ "/machine.slice/libpod-" ID ".scope/system.slice/"
		  "cron.service",
		  "cron.service", ID, 0 },
		{ "/machine.slice/machine-web\\x2d1\\x2d2.scope", "", "web-1-2",
		  0 },
		{ "/machine.slice/machine-web\\x2e1.scope", "", "web\\x2e1",
		  0 },
		/* Podman's and CRI-O's monitor. */
		{ "/machine.slice/libpod-conmon-" ID ".scope",
		  "libpod-conmon-" ID ".scope", "", 0 },
		{ "/system.slice/crio-conmon-" ID ".scope",
		  "crio-conmon-" ID ".scope", "", 0 },
		{ "/machine.slice/machine-qemu\\x2d1\\x2dvm.scope/libvirt",
		  "machine-qemu\\x2d1\\x2dvm.scope", "", 0 },
		{ "/machine.slice/systemd-nspawn@web.service/payload", "",
		  "web", 0 },
		{ "/lxc.payload.web/init.scope", "init.scope", "web", 0 },
		/* One digit more or less is no id. */
		{ "/docker/" ID "0", "", "", 0 },
		{ "/system.slice/a;reboot.service", "", "", 0 },
		{ "/system.slice/a b.service", "", "", 0 },
		{ "/.service", "", "", 0 },
	};
	struct unit u;
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		unit_find(table[i].cgroup, &u);
		check(!strcmp(u.name, table[i].name) &&
			      !strcmp(u.container, table[i].container) &&
			      u.of_user == table[i].of_user,
		      "%s: '%s', '%s', %d", table[i].cgroup, u.name,
		      u.container, u.of_user);
	}
}

static void too_long(void)
{
	char path[UNIT_NAME + 32];
	struct unit u;

	snprintf(path, sizeof(path), "/%0*d.service", UNIT_NAME - 9, 0);
	unit_find(path, &u);
	check(strlen(u.name) == UNIT_NAME - 1, "the longest: %s", u.name);
	snprintf(path, sizeof(path), "/%0*d.service", UNIT_NAME - 8, 0);
	unit_find(path, &u);
	check(!u.name[0], "one more: %s", u.name);
}

static struct remedy remedy_of(const char *cgroup, enum remedy_caller caller,
			       const char *path)
{
	struct unit u;
	struct remedy_case c = {
		.unit = &u,
		.caller = caller,
		.path = path,
		.shim = WATCH_SHIM,
	};
	struct remedy r;

	unit_find(cgroup, &u);
	remedy_find(&c, &r);
	return r;
}

static void expect(const struct remedy *r, enum remedy_means means,
		   const char *command)
{
	check(r->means == means && !strcmp(r->command, command), "%d: %s",
	      r->means, r->command);
}

static void services(void)
{
	struct remedy r = remedy_of("/system.slice/agent.service",
				    REMEDY_DYNAMIC, "/usr/bin/agent");

	expect(&r, REMEDY_SERVICE,
	       "d=/etc/systemd/system/agent.service.d; mkdir -p \"$d\" && "
	       "printf '[Service]\\nEnvironment=LD_PRELOAD=" WATCH_SHIM "\\n' "
	       ">\"$d/clonexec.conf\" && systemctl daemon-reload && "
	       "systemctl restart agent.service");
	r = remedy_of("/user.slice/user@1.service/a\\x2db.service",
		      REMEDY_UNKNOWN, NULL);
	expect(&r, REMEDY_SERVICE,
	       "d=~/.config/systemd/user/'a\\x2db.service'.d; mkdir -p \"$d\" "
	       "&& printf '[Service]\\nEnvironment=LD_PRELOAD=" WATCH_SHIM
	       "\\n' >\"$d/clonexec.conf\" && systemctl --user daemon-reload "
	       "&& systemctl --user restart 'a\\x2db.service'");
}

static void others(void)
{
	struct remedy r = remedy_of("/docker/" ID, REMEDY_DYNAMIC, "/agent");

	expect(&r, REMEDY_IMAGE,
	       "ENV LD_PRELOAD=/usr/local/lib/libclonexec-preload.so");
	r = remedy_of("/user.slice/session-3.scope", REMEDY_DYNAMIC, "/agent");
	expect(&r, REMEDY_RUN, "clonexec run /agent");
	r = remedy_of("/user.slice/user@1.service", REMEDY_DYNAMIC, "/agent");
	expect(&r, REMEDY_RUN, "clonexec run /agent");
	r = remedy_of("/system.slice/agent.service", REMEDY_STATIC, "/agent");
	expect(&r, REMEDY_GUARD, "clonexec guard start");
	check(r.why && strstr(r.why, "statically"), "why: %s", r.why);
	r = remedy_of("/docker/" ID, REMEDY_GO, "/agent");
	check(r.means == REMEDY_GUARD && strstr(r.why, "Go"), "%s", r.why);
	r = remedy_of("/", REMEDY_SECURE, "/agent");
	check(r.means == REMEDY_GUARD && strstr(r.why, "set-id"), "%s", r.why);
}

/* Nobody but the administrator says what he types. */
static void hostile_names(void)
{
	struct remedy r = remedy_of("/", REMEDY_DYNAMIC, "/tmp/$(reboot)");

	expect(&r, REMEDY_RUN, "clonexec run '/tmp/$(reboot)'");
	r = remedy_of("/", REMEDY_DYNAMIC, "/tmp/a';reboot;'");
	expect(&r, REMEDY_RUN, "");
	r = remedy_of("/", REMEDY_DYNAMIC, "/tmp/a\nreboot");
	expect(&r, REMEDY_RUN, "");
	r = remedy_of("/", REMEDY_DYNAMIC, "/tmp/\xc2\x9b");
	expect(&r, REMEDY_RUN, "");
	r = remedy_of("/", REMEDY_DYNAMIC, ".../tmp/a");
	expect(&r, REMEDY_RUN, "");
	r = remedy_of("/", REMEDY_DYNAMIC, NULL);
	expect(&r, REMEDY_RUN, "");
}

/* Of a field that is too long the catalog's text has the name. */
static void expect_words(const struct remedy *r, const char *text)
{
	char said[REMEDY_SENTENCE];

	remedy_say(r, said);
	check(!strcmp(said, text), "%s", said);
}

static void sentences(void)
{
	const char *agent = "/system.slice/agent.service";
	char unit[64 + 32];
	struct remedy r = remedy_of(agent, REMEDY_DYNAMIC, "/agent");

	expect_words(&r, r.command);
	snprintf(unit, sizeof(unit), "/%070d.service", 0);
	r = remedy_of(unit, REMEDY_DYNAMIC, "/agent");
	check(strlen(r.command) >= REMEDY_SENTENCE, "short: %s", r.command);
	expect_words(&r, "What CLONEXEC_REMEDY says, a field of this entry: "
			 "journalctl -o verbose");
	r = remedy_of("/docker/" ID, REMEDY_DYNAMIC, "/agent");
	expect_words(&r, "The shim and a line, both in the image of the "
			 "container: ENV LD_PRELOAD=/usr/local/lib/"
			 "libclonexec-preload.so");
	r = remedy_of(agent, REMEDY_SECURE, "/agent");
	expect_words(&r, "clonexec guard start (it has a set-id bit, so "
			 "LD_PRELOAD is ignored)");
	r = remedy_of("/", REMEDY_DYNAMIC, "/tmp/a';reboot;'");
	expect_words(&r, "The shim (man clonexec-run). A name in the command "
			 "is not safe to type.");
	r.means = REMEDY_NONE;
	r.why = "it shares";
	expect_words(&r, "Nothing from outside: it shares.");
}

static void sharing(void)
{
	struct unit u = { .name = "" };
	struct remedy_case c = {
		.unit = &u,
		.caller = REMEDY_DYNAMIC,
		.path = "/agent",
		.only_shares = 1,
	};
	struct remedy r;

	remedy_find(&c, &r);
	check(r.means == REMEDY_NONE && r.why && !r.command[0], "%d", r.means);
	c.only_shares = 0;
	remedy_find(&c, &r);
	check(r.means == REMEDY_RUN && !r.why, "else: %d", r.means);
}

static void callers(void)
{
	unsigned long long room = 1 << 26, before = room;
	struct unit u = { .name = "" };
	char fifo[64];

	check(remedy_look(0, "/proc/self/exe", &u, &room) == REMEDY_DYNAMIC,
	      "ourselves");
	check(room < before, "nothing was taken from the room");
	before = room = 100;
	check(remedy_look(0, "/proc/self/exe", &u, &room) == REMEDY_UNKNOWN &&
		      room == before,
	      "more than there was room for");
	room = 1 << 26;
	check(remedy_look(0, "/nowhere", &u, &room) == REMEDY_UNKNOWN, "gone");
	check(remedy_look(0, "/etc/passwd", &u, &room) == REMEDY_UNKNOWN,
	      "a text");
	before = room;
	check(remedy_look(0, "/dev/zero", &u, &room) == REMEDY_UNKNOWN &&
		      room == before,
	      "a device");
	/* To open this one would be to wait for somebody. */
	snprintf(fifo, sizeof(fifo), "/tmp/clonexec-advice-%d", (int)getpid());
	check(mkfifo(fifo, 0600) == 0, "mkfifo");
	check(remedy_look(0, fifo, &u, &room) == REMEDY_UNKNOWN, "a FIFO");
	unlink(fifo);
	check(remedy_look(0, "...a", &u, &room) == REMEDY_UNKNOWN,
	      "no whole path");
	check(remedy_look(0, NULL, &u, &room) == REMEDY_UNKNOWN, "no path");
	snprintf(u.container, sizeof(u.container), ID);
	check(remedy_look(0, "/proc/self/exe", &u, &room) == REMEDY_UNKNOWN,
	      "another one of that path");
	u.container[0] = '\0';
	check(remedy_look(0, "/bin/su", &u, &room) == REMEDY_SECURE,
	      "set-user-ID");
}

static const struct tap_case cases[] = {
	{ "units and containers by the cgroup's path", places, 0 },
	{ "the longest name of a unit", too_long, 0 },
	{ "a service: a drop-in, the user's own likewise", services, 0 },
	{ "an image, a session, what can't be reached", others, 0 },
	{ "names that a shell or a terminal would obey", hostile_names, 0 },
	{ "a sentence of each, with room in the catalog", sentences, 0 },
	{ "another process that shares", sharing, 0 },
	{ "what kind of program called exec", callers, 0 },
};

int main(void)
{
	return tap_main(cases);
}
