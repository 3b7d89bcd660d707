/* SPDX-License-Identifier: MIT */
/* The programs in the kernel: loaded and attached. */
#ifndef LOAD_H
#define LOAD_H

#include <bpf/libbpf.h>

#include "machine.h"

enum { LOAD_LINKS = 3 };

struct load {
	struct bpf_object *object;
	struct bpf_link *link[LOAD_LINKS];
	const char *name[LOAD_LINKS]; /* of the programs */
	int links;
};

struct load_wanted {
	enum machine_restart restart;
	enum guard_scope scope;
	int strict;
	enum guard_mode mode;
	long bound_ms;
};

/* 0, or -errno and one line in why[]. */
int load_open(struct load *l, const struct load_wanted *wanted, char *why,
	      size_t size);
void load_close(struct load *l);

/* The descriptor of a map; -1: there is none of that name. */
int load_map(const struct load *l, const char *name);

#endif
