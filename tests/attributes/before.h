/* SPDX-License-Identifier: MIT */
/* What the dumper needs to know of the time before the exec. */
#ifndef BEFORE_H
#define BEFORE_H

struct before {
	int pid, ppid, pgid, sid;
	long long start_time;		/* field 22 of /proc/self/stat */
	unsigned long namespaces;	/* their numbers, summed up */
	int child;			/* to be looked at, or 0 */
};

#define BEFORE_NAME "BEFORE"
#define BEFORE_FORMAT "%d %d %d %d %lld %lu %d"

#endif
