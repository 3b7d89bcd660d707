/* SPDX-License-Identifier: MIT */
/* What the parts of `clonexec doctor` share. */
#ifndef DOCTOR_H
#define DOCTOR_H

#include "processes.h"
#include "system.h"

struct doctor {
	struct system system;
	struct processes processes;
	int all; /* also the processes that can lose nothing */
};

void doctor_text(const struct doctor *d);
void doctor_json(const struct doctor *d);

/* Something is to be done. */
int doctor_is_ill(const struct doctor *d);

#endif
