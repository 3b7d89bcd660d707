/* SPDX-License-Identifier: MIT */
/* The program that a command starts: made first, let go when all is in place.
   (watch --exec, guard run.) */
#ifndef CHILD_H
#define CHILD_H

#include <sys/types.h>

struct child {
	pid_t pid;
	int gate; /* it waits for a byte from this */
	int ended;
	int status; /* of waitpid(2) */
};

/* 0 or -errno; command: for complaints about the program. */
int child_start(struct child *c, const char *command, char **argv);
int child_release(struct child *c);
void child_cancel(struct child *c); /* instead: it never runs */
int child_has_ended(struct child *c);

/* Its exit status, or 128 + signal; 0 if it still runs. */
int child_status(const struct child *c);

#endif
