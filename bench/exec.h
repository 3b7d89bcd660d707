/* SPDX-License-Identifier: MIT */
/* What those who exec, the target and the one who asks them agree on. */
#ifndef BENCH_EXEC_H
#define BENCH_EXEC_H

#include <stdatomic.h>
#include <stdint.h>

enum {
	EXEC_MEMORY_FD = 3, /* an exec_page */
	EXEC_RESULT_FD = 4, /* where the target writes an exec_result */
};

struct exec_page {
	volatile int64_t begin; /* when exec was called */
	atomic_int refused;	/* creations that failed with EAGAIN */
};

struct exec_result {
	int64_t begin;	/* of main */
	int64_t faults; /* of the process, before the exec and since */
};

#endif
