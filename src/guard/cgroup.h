/* SPDX-License-Identifier: MIT */
/*
 * The cgroup (version 2) that the guard is limited to, by --cgroup.
 * Functions return 0 or -errno, with one line in why[].
 */
#ifndef CGROUP_H
#define CGROUP_H

#include <stddef.h>

#include "guardpins.h"

/* Fills in the two fields of *about. */
int cgroup_find(const char *path, struct guard_about *about, char *why,
		size_t size);

/* The directory that the two fields name, if it is still that cgroup. */
int cgroup_open(const struct guard_about *about, char *why, size_t size);

/*
 * Runs work(arg) in a process of its own in that cgroup: in a new one below it,
 * for one with controllers may have no processes itself.  What it leaves in
 * memory of its own is gone.
 */
int cgroup_run(const struct guard_about *about, void (*work)(void *arg),
	       void *arg, char *why, size_t size);

#endif
