/* SPDX-License-Identifier: MIT */
#include "machine.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static int usable_cpus(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		return CPU_COUNT(&set);
	return (int)sysconf(_SC_NPROCESSORS_ONLN);
}

/* musl knows the question and has no answer. */
static void name_libc(char *name, size_t size)
{
	if (confstr(_CS_GNU_LIBC_VERSION, name, size) <= 1)
		snprintf(name, size, "a libc that is not glibc");
}

void machine_look(struct machine *m)
{
	struct utsname u;

	memset(m, 0, sizeof(*m));
	if (uname(&u) == 0) {
		snprintf(m->kernel, sizeof(m->kernel), "%s", u.release);
		snprintf(m->arch, sizeof(m->arch), "%s", u.machine);
	}
	name_libc(m->libc, sizeof(m->libc));
	m->cpus = usable_cpus();
}
