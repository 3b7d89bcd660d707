/* SPDX-License-Identifier: MIT */
/* The functions that stand behind ours: who has the name next. */
#ifndef PRELOAD_NEXT_H
#define PRELOAD_NEXT_H

enum next_name {
	NEXT_NONE,
	NEXT_PTHREAD_CREATE,
	NEXT_CLONE,
	NEXT_SYSCALL,
	NEXT_SETUID,
	NEXT_SETGID,
	NEXT_SETEUID,
	NEXT_SETEGID,
	NEXT_SETREUID,
	NEXT_SETREGID,
	NEXT_SETRESUID,
	NEXT_SETRESGID,
	NEXT_SETGROUPS,
	NEXT_INITGROUPS,
	NEXT_GETGROUPLIST,
	NEXT_EXECVE,
	NEXT_EXECV,
	NEXT_EXECVPE,
	NEXT_EXECVP,
	NEXT_FEXECVE,
	NEXT_EXECVEAT,
	NEXT_NAMES
};

/*
 * What the name would mean without us: the first definition in the objects
 * loaded after the shim.  NULL if there is none.
 */
void *next_function(enum next_name name);

/* Whether we are in the loader's list yet: before, nothing is found. */
int next_can_be_found(void);

/* The same, if it is another preload's and not libc's; else NULL. */
void *next_wrapper(enum next_name name);

/* The first libc's own; NULL if it has none of that name. */
void *next_in_libc(enum next_name name);

/* The path that the shim was loaded by, or NULL. */
const char *next_own_path(void);

#endif
