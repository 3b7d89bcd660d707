/* SPDX-License-Identifier: MIT */
/* The judgement of events, one fact at a time. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "filecaps.h"
#include "loss.h"
#include "path.h"
#include "tap.h"

enum { SHARE = 1, PTRACE = 2, NNP = 4, USER = 1000, NET_RAW = 13 };

/* A set-uid root program that lost it: what each case changes. */
static const struct event set_uid = {
	.unsafe = SHARE,
	.per_clear = 1,
	.mode = S_IFREG | 04755,
	.uid = USER, .euid = USER, .gid = USER, .egid = USER,
	.bset = ~0ULL,
	.root_uid = 0,
	.threads = 3,
	.users_before = 4,
	.users_after = 1,
};

static const struct loss_grant nothing = { .error = -ENODATA };
static const struct loss_grant gone = { .error = -ENOENT };

static struct loss l;

static int judge(const struct event *e, const struct loss_grant *g)
{
	return loss_judge(e, g, &l);
}

static void set_id_bits(void)
{
	struct event e = set_uid;

	check(judge(&e, &nothing), "no loss");
	check(l.set_uid && !l.set_gid && !l.capabilities, "not set-uid alone");
	check(l.cause == LOSS_RACE, "not the race");
	e.mode = S_IFREG | 02755;
	check(judge(&e, &nothing) && l.set_gid && !l.set_uid, "not set-gid");
	e.mode = S_IFREG | 06755;
	check(judge(&e, &nothing) && l.set_gid && l.set_uid, "not both");
	e.mode = S_IFREG | 02744;
	e.per_clear = 0;
	check(!judge(&e, &nothing), "set-gid without the group's x");
}

static void nothing_to_lose(void)
{
	struct event e = set_uid;

	e.euid = 0;
	e.permitted = ~0ULL;
	check(!judge(&e, &nothing), "it was kept");
	e = set_uid;
	e.file_uid = USER;
	check(!judge(&e, &nothing), "the file is the user's own");
	e = set_uid;
	e.per_clear = 0;
	check(!judge(&e, &nothing), "nosuid");
	e = set_uid;
	e.unsafe = 0;
	check(!judge(&e, &nothing), "not shared");
}

static void other_reasons(void)
{
	struct event e = set_uid;

	e.unsafe = SHARE | NNP;
	check(!judge(&e, &nothing), "no_new_privs");
	e.unsafe = SHARE | PTRACE;
	check(!judge(&e, &nothing), "a tracer without rights");
	e.ptracer_capable = 1;
	check(judge(&e, &nothing), "a tracer with rights is no reason");
}

static void of_the_file(void)
{
	struct loss_grant g = { .caps = { .permitted = 1ULL << NET_RAW } };
	struct event e = set_uid;

	e.mode = S_IFREG | 0755;
	check(loss_asks_file(&e), "does not ask the file");
	check(judge(&e, &g) && l.which == 1ULL << NET_RAW, "not cap_net_raw");
	e.bset = 0;
	check(!judge(&e, &g), "beyond the bounding set");
	g.caps.permitted = 0;
	g.caps.inheritable = 1ULL << NET_RAW;
	e.inheritable = 3ULL << NET_RAW;
	check(judge(&e, &g) && l.which == 1ULL << NET_RAW, "not inherited");
	check(judge(&e, &gone) && l.capabilities && !l.which,
	      "the file is gone: not unknown");
}

/* AppArmor and others set per_clear for a file that has nothing to give. */
static void changes_of_domain(void)
{
	struct event e = set_uid;

	e.mode = S_IFREG | 0755;
	check(!judge(&e, &nothing), "a user's plain file");
	e.uid = e.euid = 0;
	e.permitted = ~0ULL;
	check(!judge(&e, &nothing), "root's plain file");
	check(!judge(&e, &gone), "root's plain file, gone");
}

static void of_root(void)
{
	struct event e = set_uid;

	e.mode = S_IFREG | 0755;
	e.root_uid = USER;
	e.bset = 7;
	e.permitted = 1;
	check(!loss_asks_file(&e), "asks the file");
	check(judge(&e, &nothing) && l.which == 6, "not what is missing");
	e.securebits = 1; /* SECBIT_NOROOT */
	check(loss_asks_file(&e), "root is no root");
	e.securebits = 0;
	e.root_uid = EVENT_NO_ROOT;
	check(loss_asks_file(&e), "there is no root");
}

static void cause(void)
{
	struct event e = set_uid;

	e.users_after = 2;
	check(judge(&e, &nothing) && l.cause == LOSS_SHARING, "not sharing");
}

static void capability_bytes(void)
{
	static const unsigned char v2[20] = { 1, 0, 0, 2, 0, 0x20, 0, 0, 1 };
	unsigned char b[24] = { 0 };
	struct filecaps c;

	check(filecaps_parse(v2, 20, &c) == 0 &&
	      c.permitted == 1ULL << NET_RAW && c.inheritable == 1, "v2");
	check(filecaps_parse(v2, 19, &c) == -EINVAL, "cut off");
	check(filecaps_parse(v2, 0, &c) == -EINVAL, "empty");
	memcpy(b, v2, 20);
	b[3] = 3;
	b[12] = 1;
	check(filecaps_parse(b, 24, &c) == 0 &&
	      c.permitted == (1ULL << 32 | 1ULL << NET_RAW), "v3");
	b[3] = 4;
	check(filecaps_parse(b, 24, &c) == -EINVAL, "a later version");
	b[3] = 1;
	check(filecaps_parse(b, 12, &c) == 0, "v1");
}

static void paths(void)
{
	static const char names[] = "sudo\0bin\0usr";
	char text[PATH_TEXT];
	struct event e = set_uid;

	memcpy(e.file.text, names, sizeof(names));
	e.file.bytes = sizeof(names);
	e.file.whole = 1;
	check(!strcmp(path_join(&e.file, text), "/usr/bin/sudo"), "%s", text);
	e.file.whole = 0;
	check(!strcmp(path_join(&e.file, text), ".../usr/bin/sudo"), "%s",
	      text);
	e.file.bytes = 0;
	check(!path_join(&e.file, text), "a path from nothing");
	e.file.bytes = 3;
	check(!path_join(&e.file, text), "no NUL");
	e.file.bytes = sizeof(e.file.text) + 1;
	check(!path_join(&e.file, text), "beyond the end");
	memset(e.file.text, 'x', sizeof(e.file.text));
	e.file.text[sizeof(e.file.text) - 1] = 0;
	e.file.bytes = sizeof(e.file.text);
	check(strlen(path_join(&e.file, text)) == sizeof(e.file.text) + 3,
	      "the longest");
}

static const struct tap_case cases[] = {
	{ "set-user-ID, set-group-ID, both", set_id_bits, 0 },
	{ "nothing to lose", nothing_to_lose, 0 },
	{ "no_new_privs and tracers are no loss of ours", other_reasons, 0 },
	{ "the file's capabilities", of_the_file, 0 },
	{ "root's own capabilities", of_root, 0 },
	{ "a change of domain is no loss", changes_of_domain, 0 },
	{ "the race, or a real sharing", cause, 0 },
	{ "the bytes of security.capability", capability_bytes, 0 },
	{ "paths", paths, 0 },
};

int main(void)
{
	return tap_main(cases);
}
