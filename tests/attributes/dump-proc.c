/* SPDX-License-Identifier: MIT */
/* The dumper: what /proc/self tells. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "before.h"
#include "dump.h"

/* Sizes, counters and pids: they differ from run to run, or dump_ids() and
   dump_stat() look at them. */
static const char *const unstable[] = {
	"Pid", "PPid", "Tgid", "Ngid", "VmPeak", "VmSize", "VmHWM", "VmRSS",
	"RssAnon", "RssFile", "VmData", "VmStk", "VmLib", "VmPTE", "NStgid",
	"NSpid", "NSpgid", "NSsid", "SigQ", "voluntary_ctxt_switches",
	"nonvoluntary_ctxt_switches",
};

static int is_unstable(const char *name)
{
	unsigned int i;

	for (i = 0; i < sizeof unstable / sizeof *unstable; i++)
		if (strcmp(unstable[i], name) == 0)
			return 1;
	return 0;
}

void dump_status(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[4096], key[128], *colon;

	while (f && fgets(line, sizeof line, f)) {
		line[strcspn(line, "\n")] = '\0';
		colon = strchr(line, ':');
		if (!colon)
			continue;
		*colon = '\0';
		if (is_unstable(line))
			continue;
		snprintf(key, sizeof key, "status.%.100s", line);
		put(key, "%s", colon + 1 + strspn(colon + 1, "\t"));
	}
	if (f)
		fclose(f);
}

static const struct {
	int number; /* as proc(5) counts them */
	const char *key;
} fields[] = {
	{ 2, "stat.comm" },	 { 3, "stat.state" },
	{ 7, "stat.tty" },	 { 8, "stat.tpgid" },
	{ 9, "stat.flags" },	 { 18, "stat.priority" },
	{ 19, "stat.nice" },	 { 20, "stat.threads" },
	{ 38, "stat.exit_signal" }, { 40, "stat.rt_priority" },
	{ 41, "stat.policy" },
};

void dump_stat(const struct before *b)
{
	FILE *f = fopen("/proc/self/stat", "re");
	char line[4096], *word, *save = NULL;
	unsigned int i;
	int n = 0;

	if (!f || !fgets(line, sizeof line, f))
		line[0] = '\0';
	if (f)
		fclose(f);
	/* The name of this program has no space in it. */
	for (word = strtok_r(line, " \n", &save); word;
	     word = strtok_r(NULL, " \n", &save)) {
		long long value = 0;

		n++;
		for (i = 0; i < sizeof fields / sizeof *fields; i++)
			if (fields[i].number == n)
				put(fields[i].key, "%s", word);
		if (n == 22 && sscanf(word, "%lld", &value) == 1)
			put_kept("stat.start_time", value, b->start_time);
	}
}

/* Each session has one; its number tells nothing. */
static void dump_autogroup(void)
{
	FILE *f = fopen("/proc/self/autogroup", "re");
	char line[128] = "";
	char *nice = f && fgets(line, sizeof line, f) ? strstr(line, "nice")
						      : NULL;

	put("proc.autogroup", "%s", nice ? strtok(nice, "\n") : "none");
	if (f)
		fclose(f);
}

void dump_proc_files(void)
{
	static const char *const names[] = {
		"comm", "cgroup", "personality", "coredump_filter",
		"oom_score_adj", "loginuid", "sessionid",
		"setgroups", "uid_map", "gid_map", "projid_map",
		"timerslack_ns", "attr/current", "attr/exec", "cpuset",
		"timens_offsets",
		"cmdline", "timers",
	};
	char key[128], path[128];
	unsigned int i;

	for (i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(key, sizeof key, "proc.%s", names[i]);
		snprintf(path, sizeof path, "/proc/self/%s", names[i]);
		put_file(key, path);
	}
	dump_autogroup();
	put_link("proc.exe", "/proc/self/exe");
	put_link("proc.cwd", "/proc/self/cwd");
	put_link("proc.root", "/proc/self/root");
}

void dump_namespaces(const struct before *b)
{
	static const char *const names[] = {
		"cgroup", "ipc", "mnt", "net", "pid", "pid_for_children",
		"time", "time_for_children", "user", "uts",
	};
	unsigned long sum = 0;
	char key[128], path[128];
	unsigned int i;
	struct stat st;
	int r;

	for (i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(key, sizeof key, "ns.%s", names[i]);
		snprintf(path, sizeof path, "/proc/self/ns/%s", names[i]);
		r = stat(path, &st);
		put(key, "%s", r ? "absent" : "there");
		sum += r ? 0 : st.st_ino * (i + 1);
	}
	put("ns.numbers", "%s", sum == b->namespaces ? "kept" : "changed");
}
