/* SPDX-License-Identifier: MIT */
/*
 * Thread creations that fail with EAGAIN, for `clonexec watch --eagain` to
 * count: EXEC of them because an exec stands still half-way, LIMIT because
 * of a real limit.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "stall.h"
#include "tap.h"

enum { EXEC = 50, LIMIT = 5, NOBODY = 65534 };

static struct stall stall;
static int refused;

static void *end_at_once(void *arg)
{
	return arg;
}

static int count_refused(int creations)
{
	pthread_t t;
	int i, n = 0;

	for (i = 0; i < creations; i++)
		if (pthread_create(&t, NULL, end_at_once, NULL) == EAGAIN)
			n++;
	return n;
}

static void *create_beside_exec(void *arg)
{
	stall_wait(&stall);
	refused = count_refused(EXEC);
	stall_release(&stall);
	return arg;
}

static void by_an_exec(void)
{
	char *argv[] = { stall.script, NULL }, *envp[] = { NULL };
	pthread_t t;

	stall_open(&stall);
	check(pthread_create(&t, NULL, create_beside_exec, NULL) == 0,
	      "no thread");
	execve(stall.script, argv, envp);
	check(errno == ENOEXEC, "exec: %s", strerror(errno));
	pthread_join(t, NULL);
	stall_close(&stall);
	check(refused == EXEC, "%d of %d refused", refused, EXEC);
}

static void by_a_limit(void)
{
	struct rlimit one = { 1, 1 };
	int n;

	tap_need_root();
	check(setrlimit(RLIMIT_NPROC, &one) == 0 &&
	      setresuid(NOBODY, NOBODY, NOBODY) == 0, "%s", strerror(errno));
	n = count_refused(LIMIT);
	check(n == LIMIT, "%d of %d refused", n, LIMIT);
}

static const struct tap_case cases[] = {
	{ "creations refused by an exec", by_an_exec, 0 },
	{ "creations refused by a limit", by_a_limit, 0 },
};

int main(void)
{
	return tap_main(cases);
}
