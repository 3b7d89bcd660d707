/* SPDX-License-Identifier: MIT */
#include "system.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lsms.h"
#include "probe-strategy.h"
#include "probe-verdict.h"

/* ---- The kernel ------------------------------------------------------- */

static enum system_answer answer(enum probe_answer a)
{
	if (a == PROBE_YES)
		return SYSTEM_YES;
	return a == PROBE_NO ? SYSTEM_NO : SYSTEM_UNKNOWN;
}

/* Frozen, so neither takes luck; the first of them takes root. */
static int ask_kernel(struct system *s)
{
	static struct probe p;
	struct probe_sum plain;
	int error;

	p.options.targets = 1u << TARGET_SETUID;
	p.options.strategies = 1u << PROBE_NONE;
	p.options.seconds = 8;
	p.options.quiet = 1;
	error = probe_measure(&p);
	if (error)
		return error;
	probe_add_up(&p, 0, &plain);
	s->loses = answer(probe_privileges(&plain));
	s->refuses = answer(probe_eagain(&plain));
	return 0;
}

/* ---- Settings --------------------------------------------------------- */

/* The first line that has this key. */
static int read_line(const char *path, const char *key, char *line, int size)
{
	FILE *in = fopen(path, "re");
	int found = 0;

	line[0] = '\0';
	while (in && !found && fgets(line, size, in))
		found = !strncmp(line, key, strlen(key));
	if (in)
		fclose(in);
	line[found ? strcspn(line, "\n") : 0] = '\0';
	return found;
}

/* As `clonexec guard start` asks; what only a try can tell is not asked. */
static void ask_for_guard(struct system *s)
{
	int major = 0, minor = 0;
	char list[LSMS_LIST];

	s->guard_on = guardstate_look(&s->guard);
	s->guard_hidden = !s->guard_on && guardstate_is_hidden();
	sscanf(s->machine.kernel, "%d.%d", &major, &minor);
	if (major < 6 || (major == 6 && minor < 18))
		snprintf(s->no_guard, sizeof(s->no_guard),
			 "it needs Linux 6.18");
	else if (access("/sys/kernel/btf/vmlinux", F_OK))
		snprintf(s->no_guard, sizeof(s->no_guard),
			 "the kernel has no BTF");
	else if (lsms_read(list) && !lsms_has(list, "bpf"))
		snprintf(s->no_guard, sizeof(s->no_guard),
			 "bpf is not in the kernel's LSM list");
}

static void read_preload(struct system *s)
{
	FILE *in = fopen("/etc/ld.so.preload", "re");
	size_t n = 0, i;

	if (in) {
		n = fread(s->preload, 1, sizeof(s->preload) - 1, in);
		fclose(in);
	}
	s->preload[n] = '\0';
	for (i = 0; i < n; i++)
		if (s->preload[i] == '\n')
			s->preload[i] = ' ';
	while (n && s->preload[n - 1] == ' ')
		s->preload[--n] = '\0';
}

int system_look(struct system *s)
{
	char line[128];
	int error;

	memset(s, 0, sizeof(*s));
	machine_look(&s->machine);
	error = ask_kernel(s);
	if (error)
		return error;
	s->means = probe_auto_means();
	if (read_line("/proc/self/status", "Seccomp:", line, sizeof(line)))
		sscanf(line, "Seccomp: %d", &s->seccomp);
	ask_for_guard(s);
	read_preload(s);
	return 0;
}
