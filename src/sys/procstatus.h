/* SPDX-License-Identifier: MIT */
/* Fields of /proc/thread-self/status, for what no system call tells. */
#ifndef CX_PROCSTATUS_H
#define CX_PROCSTATUS_H

#include <stdint.h>

/* Each is 0 where the kernel does not write it. */
struct cx_procstatus {
	uint64_t threads;
	uint64_t tracer;  /* its pid, 0 if there is none */
	uint64_t pending; /* the signals that wait for this thread */
	uint64_t seccomp; /* 0 off, 1 strict, 2 a filter is in force */
	uint64_t filters; /* how many are (Linux 5.9) */
};

/* 0, or -errno where there is no such file or it cannot be read. */
int cx_procstatus_read(struct cx_procstatus *status);

#endif
