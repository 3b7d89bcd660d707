/* SPDX-License-Identifier: MIT */
#include "tap.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STATUS_SKIP = 77, STATUS_ABSENT = 78, DEFAULT_LIMIT = 20 };

/* The case's last words, from child to parent. */
static int words_fd = -1;

static unsigned int current;

unsigned int tap_index(void)
{
	return current;
}

static void say(const char *format, va_list ap)
{
	char text[512];
	int n = vsnprintf(text, sizeof text, format, ap);

	if (n > (int)sizeof text - 1)
		n = (int)sizeof text - 1;
	if (n > 0 && write(words_fd, text, (size_t)n) < 0)
		_exit(1);
}

void tap_fail(const char *file, int line, const char *format, ...)
{
	const char *base = strrchr(file, '/');
	va_list ap;

	va_start(ap, format);
	dprintf(words_fd, "# %s:%d: ", base ? base + 1 : file, line);
	say(format, ap);
	dprintf(words_fd, "\n");
	va_end(ap);
	_exit(1);
}

static _Noreturn void skip(int status, const char *format, va_list ap)
{
	dprintf(words_fd, "# SKIP ");
	say(format, ap);
	dprintf(words_fd, "\n");
	_exit(status);
}

void tap_skip(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	skip(STATUS_SKIP, format, ap);
}

void tap_absent(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	skip(STATUS_ABSENT, format, ap);
}

void tap_note(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	dprintf(words_fd, "# ");
	say(format, ap);
	dprintf(words_fd, "\n");
	va_end(ap);
}

void tap_need_root(void)
{
	if (geteuid() != 0)
		tap_skip("needs root");
}

/* ---- The limit: of the time that the machine had for us ------------------ */

/* No case is waited for longer than this many times its limit. */
enum { LONGEST = 20 };
static const double POLL = 0.002;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* How many threads there are for each CPU; 1 where nobody has to wait. */
static double crowd(void)
{
	FILE *file = fopen("/proc/loadavg", "re");
	int running = 0;
	double each;

	if (!file)
		return 1;
	if (fscanf(file, "%*f %*f %*f %d", &running) != 1)
		running = 0;
	fclose(file);
	each = running / (double)sysconf(_SC_NPROCESSORS_ONLN);
	return each > 1 ? each : 1;
}

/*
 * The seconds since `then`, as a machine of our own would have counted them: a
 * crowd shares the CPUs, and where a cgroup is kept short we oversleep.
 */
static double seconds_for_us(double then)
{
	double passed = now() - then, shared = passed / crowd();
	double awake = passed > 10 * POLL ? 10 * POLL : passed;

	return shared < awake ? shared : awake;
}

/* -1: the time is up and it was killed. */
static int wait_for(pid_t pid, unsigned int limit)
{
	const struct timespec pause = { .tv_nsec = (long)(POLL * 1e9) };
	double begin = now(), then = begin, had = 0;
	int status;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (had > limit || now() - begin > (double)limit * LONGEST) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			return -1;
		}
		nanosleep(&pause, NULL);
		had += seconds_for_us(then);
		then = now();
	}
	return status;
}

static void copy_words(FILE *words)
{
	char line[1024];

	rewind(words);
	while (fgets(line, sizeof line, words))
		if (strncmp(line, "# SKIP", 6) != 0)
			fputs(line, stdout);
}

static void skip_reason(FILE *words, char *line, int size)
{
	rewind(words);
	while (fgets(line, size, words))
		if (strncmp(line, "# SKIP", 6) == 0)
			break;
	line[strcspn(line, "\n")] = '\0';
}

static int report(unsigned int number, const struct tap_case *c, int status,
		  unsigned int limit, FILE *words)
{
	const char *must = getenv("CLONEXEC_MUST_WORK");
	char line[1024] = "";
	int exited = status != -1 && WIFEXITED(status) ? WEXITSTATUS(status)
						       : -1;

	if (status == 0) {
		copy_words(words);
		printf("ok %u - %s\n", number, c->name);
		return 0;
	}
	copy_words(words);
	if (exited == STATUS_SKIP || exited == STATUS_ABSENT) {
		skip_reason(words, line, sizeof line);
		if (exited == STATUS_ABSENT || !must ||
		    strcmp(must, "1") != 0) {
			printf("ok %u - %s %s\n", number, c->name, line);
			return 0;
		}
		printf("# must work here, but: %s\n", line + 2);
	} else if (status == -1) {
		printf("# not done after %u seconds\n", limit);
	} else if (WIFSIGNALED(status)) {
		printf("# killed by signal %d\n", WTERMSIG(status));
	}
	printf("not ok %u - %s\n", number, c->name);
	return 1;
}

static double patience(void)
{
	const char *times = getenv("TAP_PATIENCE");
	double n = times ? atof(times) : 1;

	return n > 0 && n < 100 ? n : 1;
}

static int run_case(unsigned int number, const struct tap_case *c)
{
	unsigned int limit = (unsigned int)(patience() *
					    (c->limit ? c->limit
						      : DEFAULT_LIMIT));
	FILE *words = tmpfile();
	pid_t pid;
	int bad;

	if (!words) {
		printf("not ok %u - %s\n# no file for it: %s\n", number,
		       c->name, strerror(errno));
		return 1;
	}
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		words_fd = fileno(words);
		current = number - 1;
		c->run();
		_exit(0);
	}
	bad = report(number, c, pid < 0 ? -1 : wait_for(pid, limit), limit,
		     words);
	fclose(words);
	return bad;
}

int tap_run(const struct tap_case *cases, unsigned int count)
{
	unsigned int i;
	int bad = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("1..%u\n", count);
	for (i = 0; i < count; i++) {
		bad |= run_case(i + 1, &cases[i]);
		if (bad && getenv("TAP_BAIL")) {
			printf("Bail out! One is enough.\n");
			break;
		}
	}
	return bad;
}
