/* SPDX-License-Identifier: MIT */
/* What a program could take to keep thread creations and execs apart. */
#ifndef BENCH_LOCK_H
#define BENCH_LOCK_H

/*
 * The loops are the candidate's own, so that what can be inlined is.  A pair
 * is a lock and its unlock.
 */
struct lock_candidate {
	const char *name;
	void (*prepare)(void);		/* once; or NULL */
	void (*thread_begin)(void);	/* in each thread; or NULL */
	void (*thread_end)(void);
	void (*shared)(int pairs);
	void (*exclusive)(int pairs);
};

/* Ends with one that has no name. */
extern const struct lock_candidate lock_clonexec[], lock_posix[], lock_urcu[],
	lock_ck[];

#define LOCK_LOOP(function, lock, unlock)	\
	static void function(int pairs)		\
	{					\
		while (pairs-- > 0) {		\
			lock;			\
			unlock;			\
		}				\
	}

#endif
