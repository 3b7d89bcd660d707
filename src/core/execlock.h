/* SPDX-License-Identifier: MIT */
/*
 * The exec lock: shared by everybody who creates a thread, exclusive for
 * the one who calls execve.  One per process.
 */
#ifndef CX_EXECLOCK_H
#define CX_EXECLOCK_H

enum { EXECLOCK_TIMEOUT_MAX = 3600 * 1000 };

/* The shared side.  May nest, and may be entered in a signal handler. */
void cx_execlock_enter(void);
void cx_execlock_leave(void);

/*
 * The exclusive side.  0, or -ETIMEDOUT if a creator was still inside after
 * the bounded wait; it is held either way.  Taking it again on the same
 * thread (in a handler) is no second hold: one release ends both.
 */
int cx_execlock_lock(void);
void cx_execlock_unlock(void);

/* Milliseconds; 0 or -EINVAL. */
int cx_execlock_set_timeout(unsigned int milliseconds);

/* The process that initialised the lock, 0 if none has. */
int cx_execlock_owner_pid(void);

/* In a child that is a copy of the caller, before anything else runs. */
void cx_execlock_forget_depth(void);

#endif
