/* SPDX-License-Identifier: MIT */
/*
 * When a race is given up: after time that its process had, asleep or running,
 * and not after time in which it was not let run.  That is simulated by
 * SIGSTOP: to the one who waits a stopped process is one without a CPU.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "patience.h"
#include "race.h"
#include "tap.h"

enum { LIMIT_MS = 300, STOPPED_MS = 4 * LIMIT_MS };

static int sleep_on(const char *path, char *const argv[], char *const envp[],
		    void *arg)
{
	while (pause())
		;
	return 0;
}

static int run_on(const char *path, char *const argv[], char *const envp[],
		  void *arg)
{
	while (getppid())
		;
	return 0;
}

static int stop(const char *path, char *const argv[], char *const envp[],
		void *arg)
{
	raise(SIGSTOP);
	errno = ECANCELED;
	return -1;
}

/* Somebody lets it go on, later than the limit. */
static int stop_for_a_while(const char *path, char *const argv[],
			    char *const envp[], void *arg)
{
	pid_t self = getpid();

	if (fork() == 0) {
		close(1);
		usleep(STOPPED_MS * 1000);
		kill(self, SIGCONT);
		_exit(0);
	}
	return stop(path, argv, envp, arg);
}

static struct race_result run(race_exec *exec, enum race_creators creators)
{
	struct race race = {
		.kind = TARGET_SETUID, .path = "/", .creators = creators,
		.exec = exec, .limit_ms = LIMIT_MS,
	};
	struct race_result r;
	int error = race_run(&race, &r);

	check(error == 0 && r.verdict == TARGET_BROKEN, "%s, %s",
	      strerror(-error), target_verdict_name(r.verdict));
	return r;
}

static void asleep(void)
{
	struct race_result r = run(sleep_on, RACE_IDLE);

	check(r.error == -ETIMEDOUT && !r.starved, "%s, starved: %d",
	      strerror(-r.error), r.starved);
}

static void running(void)
{
	struct race_result r = run(run_on, RACE_IDLE);

	check(r.error == -ETIMEDOUT && !r.starved, "%s, starved: %d",
	      strerror(-r.error), r.starved);
}

static void held_up(void)
{
	struct race_result r = run(stop_for_a_while, RACE_CALM);

	check(r.error == -ECANCELED && !r.starved, "%s, starved: %d",
	      strerror(-r.error), r.starved);
	check(r.microseconds >= STOPPED_MS * 1000L, "stopped for %ld us only",
	      r.microseconds);
}

static void starved(void)
{
	long long begun = clock_ms();
	struct race_result r = run(stop, RACE_CALM);

	check(r.error == -ETIMEDOUT && r.starved, "%s, starved: %d",
	      strerror(-r.error), r.starved);
	check(clock_ms() - begun >= PATIENCE_BOUND * LIMIT_MS, "too early");
	check(!strcmp(race_why(&r, r.error), "the machine is too busy to tell"),
	      "it says: %s", race_why(&r, r.error));
}

static const struct tap_case cases[] = {
	{ "one that sleeps for ever has had its time", asleep, 60 },
	{ "so has one that runs for ever", running, 60 },
	{ "one that is not let run for a while comes to its end", held_up, 60 },
	{ "one that is never let run: given up, and said why", starved, 60 },
};

int main(void)
{
	return tap_main(cases);
}
