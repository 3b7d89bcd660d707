/* SPDX-License-Identifier: MIT */
/*
 * One run of the race between exec and thread creation, in a child process
 * of its own that is killed when it uses too much time.  The child drops its
 * privileges, starts creators, calls exec on a target (target.h), and the
 * target's line is the result.
 *
 * Functions return 0 or -errno and print nothing.
 */
#ifndef RACE_H
#define RACE_H

#include "target.h"

enum race_creators {
	RACE_CALM,     /* no other thread: what the file should grant */
	RACE_IDLE,     /* another thread, which creates nothing */
	RACE_FROZEN,   /* one clone, stopped in the window (freeze.h) */
	RACE_STRANGER, /* likewise, of a process that shares the fs: the
			  witness, for that loses on every kernel */
	RACE_SPINNING, /* two threads create and join threads in a loop */
	RACE_SHARED    /* none, but a second thread, and another process that
			  uses the fs as a creation in the window does: for
			  kernels on which none can be frozen (sharer.h) */
};

/*
 * Called in the child by its main thread; like the exec family it returns
 * only on failure, with -1 and errno.
 */
typedef int race_exec(const char *path, char *const argv[], char *const envp[],
		      void *arg);

struct race {
	enum target_kind kind;
	const char *path;
	const struct target_caller *caller; /* NULL: as whoever we are */
	enum race_creators creators;
	/*
	 * The creators keep to the exec lock.  A frozen one sits inside the
	 * guarded region, and is let go when the exec'ing thread is seen
	 * asleep in a futex wait: an exec that waits for it keeps its
	 * privileges, one that does not has lost them by then.
	 */
	int guarded;
	/*
	 * So long after the exec was called a frozen clone is let go, or the
	 * other process ends: for what makes the exec wait, or has it begun
	 * again.  0: never.
	 */
	int release_ms;
	race_exec *exec;
	void *arg;
	/*
	 * Of CPU time or sleep (patience.h), after which the child is killed;
	 * 0: 5000.
	 */
	int limit_ms;
};

/* How far the child came. */
enum race_stage {
	RACE_STAGE_FORK,
	RACE_STAGE_FREEZE, /* freeze_open() */
	RACE_STAGE_DROP,   /* of root's ids */
	RACE_STAGE_USERNS,
	RACE_STAGE_CREATE, /* the creators */
	RACE_STAGE_FROZEN, /* or the wait until one is frozen */
	RACE_STAGE_EXEC
};

struct race_result {
	enum target_verdict verdict;
	enum race_stage stage;
	int error;    /* for broken: -ETIMEDOUT, what exec said, or -EIO for
			 a target that did not end as it should */
	int starved;  /* broken by -ETIMEDOUT, but the machine gave the child
			 no time to run: nothing is known */
	int status;   /* of waitpid(2) */
	int released; /* the frozen clone was let go before the exec */
	unsigned int eagain;  /* failed so; tried again after 0.1 ms */
	unsigned int created; /* creations that did not */
	long microseconds;    /* from the call of exec to the end */
	char line[160];	      /* the target's, without the newline */
	/*
	 * What user space saw; times in ns of CLOCK_MONOTONIC, 0 for never.
	 * The creation is the frozen one, or one that was not back when
	 * everything ended.
	 */
	int pid;	    /* of the child; its main thread called exec */
	int creator;	    /* the creator's tid */
	long long creation; /* clone was called */
	long long frozen;   /* and seen to stand still */
	long long exec;	    /* exec was called */
	long long said;	    /* the new program's first word was read */
	long long ended;    /* the new program had had its say */
};

/*
 * Runs it.  0: see the result, of which error may still be set; -errno: the
 * child could not get as far as the exec, result->stage says where.
 */
int race_run(const struct race *race, struct race_result *result);

/* Why a run said -errno, in a few words. */
const char *race_why(const struct race_result *result, int error);

#endif
