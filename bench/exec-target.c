/* SPDX-License-Identifier: MIT */
/* The new program: says when its main began, and how many page faults came
   before. */
#include <sys/resource.h>
#include <unistd.h>

#include "clock.h"
#include "exec.h"

int main(void)
{
	struct exec_result result;
	struct rusage usage;

	result.begin = clock_ns();
	getrusage(RUSAGE_SELF, &usage);
	result.faults = usage.ru_minflt;
	return write(EXEC_RESULT_FD, &result, sizeof result) == sizeof result ?
		       0 :
		       1;
}
