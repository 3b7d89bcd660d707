/* SPDX-License-Identifier: MIT */
/*
 * What the path of a cgroup says about who runs a process: systemd and the
 * engines of containers put it there, each in its way.
 */
#ifndef UNIT_H
#define UNIT_H

enum { UNIT_NAME = 256, UNIT_CONTAINER = 65 };

struct unit {
	char name[UNIT_NAME];		/* a service or scope; "": none */
	char container[UNIT_CONTAINER]; /* its id or name; "": none */
	int of_user;			/* run by a user's own manager */
};

/* Never fails; a name that is too long, or that systemd would not give, is no
   unit. */
void unit_find(const char *cgroup, struct unit *u);

#endif
