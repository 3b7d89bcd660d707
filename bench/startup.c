/* SPDX-License-Identifier: MIT */
/*
 * What the shim costs a process that starts.  A sample:
 *
 *	PROGRAM SHIM
 *
 * answers the nanoseconds from spawn to end; SHIM may be "-".
 */
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "serve.h"

static int sample(char **words)
{
	char variable[4200] = "NONE=1", *env[] = { variable, NULL };
	char *args[] = { words[0], NULL };
	double begin;
	int status;
	pid_t pid;

	serve_pin(1);
	if (strcmp(words[1], "-") != 0)
		snprintf(variable, sizeof variable, "LD_PRELOAD=%s",
			 words[1]);
	begin = serve_now_ns();
	if (posix_spawn(&pid, words[0], NULL, NULL, args, env) != 0 ||
	    waitpid(pid, &status, 0) != pid || status != 0)
		return -1;
	printf("%.0f\n", serve_now_ns() - begin);
	return 0;
}

int main(void)
{
	return serve(sample);
}
