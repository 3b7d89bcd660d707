/* SPDX-License-Identifier: MIT */
/* What those who exec, the target and the one who asks them agree on. */
#ifndef BENCH_EXEC_H
#define BENCH_EXEC_H

enum {
	EXEC_MEMORY_FD = 3,	/* a page; the call's time goes to its start */
	EXEC_RESULT_FD = 4,	/* where the target writes its main's time */
};

#endif
