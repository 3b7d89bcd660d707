/* SPDX-License-Identifier: MIT */
/*
 * Whether `clonexec guard` is on, asked without libbpf and without a test of
 * it.  Only who may look into root's directory can know; to others there is
 * none as far as they can tell, and nothing is to be said of it.
 */
#ifndef GUARDSTATE_H
#define GUARDSTATE_H

#include "guardpins.h"

/* 1, and what it says about itself; 0: it is off, or that is not known. */
int guardstate_look(struct guard_about *about);

/* Whether it is there or not is not for us to know. */
int guardstate_is_hidden(void);

/* Whether one that says so keeps the privileges of every exec here. */
int guardstate_is_for_all(const struct guard_about *about);

/* Whether it is on, and does that. */
int guardstate_covers_all(void);

const char *guardstate_mode(const struct guard_about *about);

#endif
