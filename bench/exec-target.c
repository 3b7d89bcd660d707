/* SPDX-License-Identifier: MIT */
/* The new program: says when its main began. */
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include "exec.h"

int main(void)
{
	struct timespec t;
	int64_t ns;

	clock_gettime(CLOCK_MONOTONIC, &t);
	ns = (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
	return write(EXEC_RESULT_FD, &ns, sizeof ns) == sizeof ns ? 0 : 1;
}
