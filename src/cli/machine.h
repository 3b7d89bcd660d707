/* SPDX-License-Identifier: MIT */
/* The machine that figures were measured on. */
#ifndef MACHINE_H
#define MACHINE_H

struct machine {
	char kernel[65]; /* release */
	char arch[65];
	char libc[65];
	int cpus; /* that this process may use */
};

void machine_look(struct machine *m);

#endif
