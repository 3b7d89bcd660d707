/* SPDX-License-Identifier: MIT */
/* The new program: says when its main began, and how many page faults came
   before. */
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "exec.h"

int main(void)
{
	struct exec_result result;
	struct rusage usage;
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	getrusage(RUSAGE_SELF, &usage);
	result.begin = (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
	result.faults = usage.ru_minflt;
	return write(EXEC_RESULT_FD, &result, sizeof result) == sizeof result ?
		       0 :
		       1;
}
