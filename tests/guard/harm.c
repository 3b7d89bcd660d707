/* SPDX-License-Identifier: MIT */
/* What a guard in the kernel must not do to programs. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harm-race.h"
#include "sys.h"
#include "tap.h"

enum {
	EVERY_NS = 500000, /* a signal */
	TERM_NS = 50000000,
	CREATIONS = 2000,
};

static void case_plain(void)
{
	harm_must_keep(harm_exec);
}

/* ---- Signals ---------------------------------------------------------- */

static volatile sig_atomic_t handled;

static void handle(int signal)
{
	handled++;
}

/* SIGURG, since what is pending when the exec succeeds is ignored then.  A
   timer of this kind ends with the exec. */
static void send_often(int signal, long first_ns, long every_ns)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
				  .sigev_signo = signal };
	struct itimerspec often = { { 0, every_ns }, { 0, first_ns } };
	timer_t timer;

	if (timer_create(CLOCK_MONOTONIC, &event, &timer) ||
	    timer_settime(timer, 0, &often, NULL))
		_exit(1);
}

static int under_signals(const char *path, char *const argv[],
			 char *const envp[], int flags)
{
	struct sigaction action = { .sa_handler = handle, .sa_flags = flags };

	sigaction(SIGURG, &action, NULL);
	send_often(SIGURG, EVERY_NS, EVERY_NS);
	while (handled < 3)
		pause();
	return harm_exec(path, argv, envp, NULL);
}

static int restarting(const char *path, char *const argv[], char *const envp[],
		      void *arg)
{
	return under_signals(path, argv, envp, SA_RESTART);
}

static int interrupting(const char *path, char *const argv[],
			char *const envp[], void *arg)
{
	return under_signals(path, argv, envp, 0);
}

static void case_restarting(void)
{
	harm_must_keep(restarting);
}

static void case_interrupting(void)
{
	harm_must_keep(interrupting);
}

static int terminated(const char *path, char *const argv[], char *const envp[],
		      void *arg)
{
	signal(SIGTERM, SIG_DFL);
	send_often(SIGTERM, TERM_NS, 0);
	return harm_exec(path, argv, envp, NULL);
}

static void case_terminated(void)
{
	struct race race = harm_race(terminated, 0);
	struct race_result r;

	race_run(&race, &r);
	check(WIFSIGNALED(r.status) && WTERMSIG(r.status) == SIGTERM,
	      "status %#x, %s", (unsigned int)r.status,
	      target_verdict_name(r.verdict));
}

/* By the race itself, when the child has used its time; before the bound. */
static void case_killed(void)
{
	struct race race = harm_race(harm_exec, 0);
	struct race_result r;

	race.limit_ms = 300;
	race_run(&race, &r);
	check(r.error == -ETIMEDOUT && WIFSIGNALED(r.status) &&
		      WTERMSIG(r.status) == SIGKILL,
	      "status %#x, %s, errno %d", (unsigned int)r.status,
	      target_verdict_name(r.verdict), -r.error);
}

/* ---- Arguments -------------------------------------------------------- */

static void *spoil(void *argv)
{
	usleep(20000);
	atomic_store((atomic_uintptr_t *)argv, 1);
	return NULL;
}

/* Each try reads them anew, as after a signal. */
static int spoiling(const char *path, char *const argv[], char *const envp[],
		    void *arg)
{
	static atomic_uintptr_t copy[2];
	pthread_t thread;

	atomic_store(&copy[0], (uintptr_t)argv[0]);
	if (pthread_create(&thread, NULL, spoil, copy))
		_exit(1);
	return harm_answer(sys_execve(path, (char *const *)(void *)copy, envp));
}

static void case_spoiling(void)
{
	struct race race = harm_race(spoiling, 0);
	struct race_result r;

	race_run(&race, &r);
	check(r.error == -EFAULT, "%s, errno %d",
	      target_verdict_name(r.verdict), -r.error);
}

static int by_descriptor(const char *path, char *const argv[],
			 char *const envp[], void *arg)
{
	int fd = open(path, O_PATH | O_CLOEXEC);

	return harm_answer(sys_execveat(fd, "", argv, envp, AT_EMPTY_PATH));
}

static void case_by_descriptor(void)
{
	harm_must_keep(by_descriptor);
}

static int checked(const char *path, char *const argv[], char *const envp[],
		   void *arg)
{
	int error = sys_execveat(AT_FDCWD, path, argv, envp, AT_EXECVE_CHECK);

	return error ? harm_answer(error) : harm_exec(path, argv, envp, NULL);
}

static void case_checked(void)
{
	harm_must_keep(checked);
}

/* ---- Creations beside an exec that fails ------------------------------ */

static atomic_int is_over;

static void *fail_often(void *path)
{
	char *argv[] = { path, NULL }, *envp[] = { NULL };

	while (!atomic_load(&is_over))
		if (sys_execve(path, argv, envp) != -ENOEXEC)
			_exit(1);
	return NULL;
}

static void *end_at_once(void *arg)
{
	return arg;
}

static void case_creations(void)
{
	struct sigaction action = { .sa_handler = handle };
	char path[] = "/tmp/harm-XXXXXX";
	pthread_t execs, thread;
	int i, error, refused = 0, fd;

	tap_need_root();
	fd = mkstemp(path);
	check(fd >= 0 && write(fd, "nothing", 7) == 7 && !fchmod(fd, 0755) &&
		      !close(fd),
	      "no file");
	sigaction(SIGURG, &action, NULL);
	send_often(SIGURG, EVERY_NS, EVERY_NS);
	check(!pthread_create(&execs, NULL, fail_often, path), "no thread");
	for (i = 0; i < CREATIONS; i++) {
		error = pthread_create(&thread, NULL, end_at_once, NULL);
		check(!error || error == EAGAIN, "errno %d", error);
		refused += error == EAGAIN;
		if (!error)
			pthread_join(thread, NULL);
	}
	atomic_store(&is_over, 1);
	pthread_join(execs, NULL);
	unlink(path);
	tap_note("%d of %d creations refused", refused, CREATIONS);
	check(refused <= CREATIONS / 100, "%d of %d refused", refused,
	      CREATIONS);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "kept", case_plain, 0 },
		{ "kept under 2,000 signals a second, SA_RESTART",
		  case_restarting, 0 },
		{ "likewise, handlers that interrupt", case_interrupting, 0 },
		{ "SIGTERM ends an exec that is begun again and again",
		  case_terminated, 0 },
		{ "so does SIGKILL", case_killed, 0 },
		{ "arguments are read anew each time", case_spoiling, 0 },
		{ "execveat of a descriptor", case_by_descriptor, 0 },
		{ "AT_EXECVE_CHECK, and then the exec", case_checked, 0 },
		{ "creations beside execs that fail, under signals",
		  case_creations, 0 },
	};

	return tap_main(cases);
}
