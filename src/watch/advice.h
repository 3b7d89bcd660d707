/* SPDX-License-Identifier: MIT */
/* The part of a loss that says where it happened and what to do about it. */
#ifndef ADVICE_H
#define ADVICE_H

#include "journal.h"
#include "json.h"
#include "loss.h"
#include "path.h"
#include "remedy.h"

struct advice {
	const char *path; /* of the program that called exec, or NULL */
	const char *cgroup;
	struct unit unit;
	struct remedy remedy;
	char path_text[PATH_TEXT], cgroup_text[PATH_TEXT];
};

void advice_find(struct advice *a, const struct event *e, const struct loss *l);

/* More of the line. */
void advice_print(const struct advice *a, FILE *out);
/* More members of the object. */
void advice_put(const struct advice *a, const struct event *e, struct json *j);
/* More fields of the entry. */
void advice_add(const struct advice *a, struct journal *j);

#endif
