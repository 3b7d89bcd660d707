/* SPDX-License-Identifier: MIT */
/*
 * The hooks in the kernel, chosen by really loading and attaching: what a
 * kernel's version or BTF promises, a machine may still refuse.
 */
#ifndef HOOKS_H
#define HOOKS_H

#include <bpf/libbpf.h>

enum hook {
	HOOK_EXEC,    /* the only one without which nothing is seen */
	HOOK_PREPARE, /* without: no number of threads, no old name */
	HOOK_NEWTASK, /* without: no culprit that completed */
	HOOK_EXIT,    /* without: no culprit that was cut off */
	HOOK_REFUSED, /* --eagain */
	HOOKS
};

struct watch_bpf;

struct hooks {
	struct watch_bpf *skeleton;
	struct bpf_link *link[HOOKS];
	int program[HOOKS];	 /* its descriptor, the skeleton's */
	const char *name[HOOKS]; /* "tp_btf/task_newtask"; NULL: none */
};

struct hooks_wanted {
	int eagain;
	int verbose;	  /* libbpf's words and the verifier's, on stderr */
	int only_tracked; /* processes of the map "tracked" */
	const char *comm; /* only of threads of this name; NULL: of all */
	long limit;	  /* of events a second for each origin; 0: none */
	long buffer_bytes;
	const char *kind; /* "tp_btf", "raw_tp", or NULL for any */
};

/*
 * 0 or -errno; why[] then has one line that says what is missing.
 */
int hooks_open(struct hooks *h, const struct hooks_wanted *wanted, char *why,
	       size_t size);
void hooks_close(struct hooks *h);

const char *hooks_role(enum hook hook);

/*
 * Execs that the kernel kept from the hook; with comm, those that it kept from
 * the one that asks for the name, too.  Up to 6.18 a hook is not preempted.  In
 * 7.3 it can be (include/linux/tracepoint.h), and until it goes on the kernel
 * skips it for all others on that CPU (__bpf_trace_run), and counts them.
 */
unsigned long long hooks_missed(const struct hooks *h);

#endif
