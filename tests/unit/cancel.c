/* SPDX-License-Identifier: MIT */
/*
 * No public function is a cancellation point: each is called by a thread that
 * a cancellation is pending for, and returns.  $MAP is libclonexec.map, so
 * that no function is forgotten.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <clonexec.h>

#include "tap.h"

static char *argv[] = { "x", NULL };
static const char nowhere[] = "/nowhere";

static void call_execve(void) { cx_execve(nowhere, argv, argv); }
static void call_execv(void) { cx_execv(nowhere, argv); }
static void call_execvp(void) { cx_execvp("cx-nowhere", argv); }
static void call_execvpe(void) { cx_execvpe("cx-nowhere", argv, argv); }
static void call_execl(void) { cx_execl(nowhere, "x", NULL); }
static void call_execlp(void) { cx_execlp("cx-nowhere", "x", NULL); }
static void call_execle(void) { cx_execle(nowhere, "x", NULL, argv); }
static void call_fexecve(void) { cx_fexecve(-1, argv, argv); }

/* Past the forecast, so that the strategy's own way is gone. */
static void call_execveat(void)
{
	cx_execveat(AT_FDCWD, "/bin/true", argv, argv, 0x800000);
}

static void *end_at_once(void *arg)
{
	return arg;
}

static void call_pthread_create(void)
{
	pthread_attr_t attr;
	pthread_t t;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	check(cx_pthread_create(&t, &attr, end_at_once, NULL) == 0,
	      "no thread");
}

static int exit_at_once(void *arg)
{
	_exit(arg != NULL);
}

/* (Without a signal: nobody waits for it.) */
static void call_clone(void)
{
	static char stack[65536] __attribute__((aligned(16)));

	check(cx_clone(exit_at_once, stack + sizeof stack, CLONE_FS, NULL) > 0,
	      "no clone: %s", strerror(errno));
}

static void call_clone_hooks(void)
{
	cx_before_clone();
	cx_after_clone();
}

static void call_thread_hooks(void)
{
	cx_before_thread_create();
	cx_after_thread_create();
}

static void call_exec_hooks(void)
{
	cx_before_exec();
	cx_after_exec();
}

static void call_exec_hooks_with(void)
{
	cx_before_exec_with(CX_UNSHARE);
	cx_after_exec();
}

static void call_regain(void)
{
	check(cx_regain(1, argv) == 0, "cx_regain: %s", strerror(errno));
}

static void call_set_strategy(void)
{
	struct cx_status s = { .size = sizeof s };

	cx_status(&s);
	cx_set_strategy(s.asked);
}

static void call_set_timeout(void) { cx_set_timeout(2000); }

static void call_status(void)
{
	struct cx_status s = { .size = sizeof s };

	cx_status(&s);
}

static const struct {
	const char *names; /* with a blank on each side */
	void (*call)(void);
} calls[] = {
	{ " cx_execve ", call_execve },
	{ " cx_execv ", call_execv },
	{ " cx_execvp ", call_execvp },
	{ " cx_execvpe ", call_execvpe },
	{ " cx_execl ", call_execl },
	{ " cx_execlp ", call_execlp },
	{ " cx_execle ", call_execle },
	{ " cx_fexecve ", call_fexecve },
	{ " cx_execveat ", call_execveat },
	{ " cx_pthread_create ", call_pthread_create },
	{ " cx_clone ", call_clone },
	{ " cx_before_clone cx_after_clone ", call_clone_hooks },
	{ " cx_before_thread_create cx_after_thread_create ",
	  call_thread_hooks },
	{ " cx_before_exec cx_after_exec ", call_exec_hooks },
	{ " cx_before_exec_with ", call_exec_hooks_with },
	{ " cx_regain ", call_regain },
	{ " cx_set_strategy ", call_set_strategy },
	{ " cx_set_timeout ", call_set_timeout },
	{ " cx_status ", call_status },
};

enum { CALLS = sizeof calls / sizeof *calls };

static void *call_cancelled(void *arg)
{
	void (*const *call)(void) = arg;

	pthread_cancel(pthread_self());
	(*call)();
	/* From here on nothing cancels. */
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	return NULL;
}

/* Whether the call was left by a cancellation. */
static int is_cancelled(void (*call)(void))
{
	pthread_t t;
	void *result;

	check(pthread_create(&t, NULL, call_cancelled, &call) == 0,
	      "no thread");
	check(pthread_join(t, &result) == 0, "no join");
	return result == PTHREAD_CANCELED;
}

static void plain_open(void)
{
	close(open("/proc", O_PATH | O_CLOEXEC));
}

static void control(void)
{
	check(is_cancelled(plain_open), "open() is not cancelled");
}

static void none(void)
{
	enum cx_strategy s;
	int i;

	for (s = CX_AUTO; s <= CX_LOCK; s++) {
		cx_set_strategy(s);
		for (i = 0; i < CALLS; i++)
			check(!is_cancelled(calls[i].call),
			      "strategy %d: cancelled in%s", s,
			      calls[i].names);
	}
}

static int is_called(const char *name)
{
	char word[64];
	int i;

	snprintf(word, sizeof word, " %s ", name);
	for (i = 0; i < CALLS; i++)
		if (strstr(calls[i].names, word))
			return 1;
	return 0;
}

static void complete(void)
{
	const char *path = getenv("MAP");
	char line[128], name[61];
	int count = 0;
	FILE *map;

	if (!path)
		tap_skip("needs libclonexec.map, as $MAP");
	map = fopen(path, "re");
	check(map, "%s: %s", path, strerror(errno));
	while (fgets(line, sizeof line, map)) {
		if (sscanf(line, " %60[a-z_];", name) != 1 ||
		    strncmp(name, "cx_", 3) != 0)
			continue;
		count++;
		check(is_called(name), "nothing calls %s", name);
	}
	fclose(map);
	check(count >= 20, "%d functions in %s", count, path);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "control: a cancellation is acted upon by open()", control,
		  30 },
		{ "no function of the library is a cancellation point", none,
		  60 },
		{ "each function of the library was called", complete, 10 },
	};

	return tap_main(cases);
}
