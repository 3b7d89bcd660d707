/* SPDX-License-Identifier: MIT */
/* What the parts of the soak share. */
#ifndef SOAK_H
#define SOAK_H

#include <stdatomic.h>

#include <clonexec.h>

#include "strategynames.h"
#include "target.h"

/*
 * No wait of the lock is to end in vain here, however busy the machine is;
 * and what takes longer than a run may, hangs.
 */
enum { LOCK_MS = 60000, RUN_MS = 120000 };

/* In memory that all processes of the soak share. */
struct soak {
	atomic_ulong execs[STRATEGIES];	/* that worked, by threaded callers */
	atomic_ulong frozen;		/* of them, with the race frozen */
	atomic_ulong lost, broken, hangs;
	atomic_ulong created;		/* threads, of all kinds */
	atomic_ulong eagain;
	atomic_ulong failed_execs, wrong_errno;
	atomic_ulong children;		/* forked, vforked, spawned; exec'd */
	atomic_ulong wrong_children;
	atomic_ulong signals;
	atomic_ulong other;		/* anything else that is wrong */
	/* The control: plain execve in the same surroundings. */
	atomic_ulong plain_runs, plain_lost, plain_eagain;
	int fixed; /* the kernel: then the control is turned */
};

extern struct soak *soak;
/* A file that execve gets as far as reading: ENOEXEC, not to be foreseen. */
extern char soak_garbage[96];

long long soak_now(void); /* ms */

/* ---- creators.c: what goes on beside an exec, by bits ---- */

enum {
	BESIDE_RAW = 1,		/* threads by cx_clone, or raw and unguarded */
	BESIDE_TIMER = 2,	/* SIGEV_THREAD: unguarded, inside libc */
	BESIDE_FORKS = 4,	/* fork, vfork, posix_spawn; each execs */
	BESIDE_SIGNALS = 8,
	BESIDE_SETXID = 16,	/* the setuid family, guarded */
	BESIDE_FAILURES = 32,	/* execs that fail, in this thread, before */
	BESIDE_ALL = 63,
};

/* Starts them, guarded or not, until *stop (if that is not NULL). */
int creators_start(unsigned int beside, int guarded, atomic_int *stop,
		   pthread_t *threads, int *count);

/* One exec that is to fail, the n-th kind of them. */
void creators_fail(unsigned int n);

/* ---- racers.c: a process, many creators, one exec that must keep ---- */

/* Until plain execve was seen to lose, or the kernel to be fixed; 0, or -1. */
int racers_control(const struct targets *targets,
		   const struct target_caller *caller, long long end);
void racers_run(const struct targets *targets,
		const struct target_caller *caller, long long end);

/* ---- resident.c: one process for all of the time, which leaks nothing ---- */

void resident_run(long long end);

#endif
