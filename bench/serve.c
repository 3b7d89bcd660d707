/* SPDX-License-Identifier: MIT */
#include "serve.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

int serve(int (*sample)(char **words))
{
	char line[8192], *words[SERVE_WORDS_MAX], *rest, *w;
	int n;

	while (fgets(line, sizeof line, stdin)) {
		n = 0;
		for (w = strtok_r(line, " \n", &rest);
		     w && n < SERVE_WORDS_MAX; w = strtok_r(NULL, " \n", &rest))
			words[n++] = w;
		while (n < SERVE_WORDS_MAX)
			words[n++] = (char *)"";
		if (sample(words) != 0) {
			fprintf(stderr, "cannot do: %s %s %s %s\n", words[0],
				words[1], words[2], words[3]);
			return 1;
		}
		fflush(stdout);
	}
	return 0;
}

static double ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

double serve_now_ns(void)
{
	return ns(CLOCK_MONOTONIC);
}

double serve_cpu_ns(void)
{
	return ns(CLOCK_PROCESS_CPUTIME_ID);
}

void serve_pin(int on)
{
	static cpu_set_t all;
	static int is_on, known;
	cpu_set_t one;

	if (!known)
		known = sched_getaffinity(0, sizeof all, &all) == 0;
	if (on == is_on)
		return;
	is_on = on;
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	sched_setaffinity(0, sizeof one, on ? &one : &all);
}
