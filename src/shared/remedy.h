/* SPDX-License-Identifier: MIT */
/* What an administrator can do, so that a program loses no more privileges. */
#ifndef REMEDY_H
#define REMEDY_H

#include "unit.h"

enum remedy_means {
	REMEDY_NONE,	/* nothing from outside */
	REMEDY_SERVICE, /* the shim, by a drop-in of its unit */
	REMEDY_IMAGE,	/* the shim, in the container's image */
	REMEDY_RUN,	/* the shim, by clonexec run */
	REMEDY_GUARD,	/* nothing can be preloaded: the kernel's half */
};

enum { REMEDY_COMMAND = 1024 };

struct remedy {
	enum remedy_means means;
	const char *why;	      /* a clause, or NULL */
	char command[REMEDY_COMMAND]; /* for a shell; "": none */
};

/* What is known of the program that called exec. */
enum remedy_caller {
	REMEDY_UNKNOWN, /* gone, or nobody may read it: taken for a usual one */
	REMEDY_DYNAMIC,
	REMEDY_STATIC,
	REMEDY_GO,
	REMEDY_SECURE, /* set-user-ID or the like: LD_PRELOAD is ignored */
};

/*
 * Looks at the file of that path, in the mount namespace of that process or, if
 * it is in no container, ours: for the first it takes CAP_SYS_PTRACE, which is
 * better given up (rights.h), and that the process is still there.  It reads no
 * more than *room bytes, and takes from it: somebody may run a large file many
 * times to keep us busy.
 */
enum remedy_caller remedy_look(unsigned int pid, const char *path,
			       const struct unit *u, unsigned long long *room);

struct remedy_case {
	const struct unit *unit;
	enum remedy_caller caller;
	const char *path; /* of the program that calls exec, or NULL */
	const char *shim;
	/* One thread, and it shares its context with another process: that is
	   no race, and clonexec changes nothing about it. */
	int only_shares;
};

void remedy_find(const struct remedy_case *c, struct remedy *r);

/*
 * A sentence for a reader.  In the catalog's texts an older systemd shows no
 * field of more than 256 bytes with its name and '=', which is not much for a
 * drop-in: where it has no room the sentence says where to look.
 */
enum { REMEDY_SENTENCE = 256 - sizeof("CLONEXEC_ADVICE") + 1 };
void remedy_say(const struct remedy *r, char text[REMEDY_SENTENCE]);

const char *remedy_name(enum remedy_means means);

#endif
