/* SPDX-License-Identifier: MIT */
/* Execs that the guard begins again where threads are many, or one is greedy;
   and by way of scripts. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/io_uring.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harm-race.h"
#include "sys.h"
#include "tap.h"

enum { THREADS = 512, WORKERS = 4, STACK = 65536, PRIORITY = 10 };

/* ---- Threads ---------------------------------------------------------- */

static void *idle(void *arg)
{
	pause();
	return arg;
}

static int among_many(const char *path, char *const argv[], char *const envp[],
		      void *arg)
{
	pthread_attr_t small;
	pthread_t thread;
	int i;

	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, STACK);
	for (i = 0; i < THREADS; i++)
		if (pthread_create(&thread, &small, idle, NULL))
			_exit(1);
	return harm_exec(path, argv, envp, arg);
}

static void case_many(void)
{
	harm_must_keep(among_many);
}

/*
 * The creation and what lets it go have this CPU as well, and no priority: they
 * run when the kernel leaves other threads their part, which is once a second.
 */
static int greedily(const char *path, char *const argv[], char *const envp[],
		    void *arg)
{
	const struct sched_param param = { .sched_priority = PRIORITY };
	cpu_set_t first;
	int tid;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	/* (Threads have numbers soon after that of the process.) */
	for (tid = getpid(); tid < getpid() + 16; tid++)
		sched_setaffinity(tid, sizeof(first), &first);
	if (sched_setscheduler(0, SCHED_FIFO, &param))
		_exit(1);
	return harm_exec(path, argv, envp, arg);
}

static void case_greedy(void)
{
	const struct rlimit may = { PRIORITY, PRIORITY };
	struct race race = harm_race(greedily, 20);

	check(!setrlimit(RLIMIT_RTPRIO, &may), "errno %d", errno);
	race.limit_ms = 20000;
	harm_must_keep_once(&race, 0);
}

/* ---- Workers of the kernel -------------------------------------------- */

/* Reads from an empty pipe, for each of which the kernel makes a worker. */
static int queue_reads(int ring, const struct io_uring_params *p)
{
	static char byte;
	size_t size = p->sq_off.array + p->sq_entries * sizeof(unsigned int);
	char *queue = mmap(NULL, size, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQ_RING);
	struct io_uring_sqe *entry = mmap(NULL, WORKERS * sizeof(*entry),
					  PROT_READ | PROT_WRITE, MAP_SHARED,
					  ring, IORING_OFF_SQES);
	unsigned int i, *array;
	int ends[2];

	if (queue == MAP_FAILED || entry == MAP_FAILED || pipe(ends))
		return -1;
	array = (unsigned int *)(void *)(queue + p->sq_off.array);
	for (i = 0; i < WORKERS; i++) {
		entry[i] = (struct io_uring_sqe){
			.opcode = IORING_OP_READ,
			.flags = IOSQE_ASYNC,
			.fd = ends[0],
			.addr = (uintptr_t)&byte,
			.len = 1,
		};
		array[i] = i;
	}
	atomic_store((atomic_uint *)(void *)(queue + p->sq_off.tail), WORKERS);
	return (int)syscall(SYS_io_uring_enter, ring, WORKERS, 0, 0, NULL, 0);
}

static int beside_workers(const char *path, char *const argv[],
			  char *const envp[], void *arg)
{
	struct io_uring_params p = { 0 };
	int ring = (int)syscall(SYS_io_uring_setup, WORKERS, &p);

	if (ring < 0 || queue_reads(ring, &p) != WORKERS)
		_exit(1);
	return harm_exec(path, argv, envp, arg);
}

/* (One ring: many of them, one after another, are work for the kernel.) */
static void case_workers(void)
{
	struct race race = harm_race(beside_workers, HARM_RELEASE_MS);

	harm_must_keep_once(&race, 0);
}

/* ---- Scripts ---------------------------------------------------------- */

static char script[2][PATH_MAX];

/* One that is run by the program at that path. */
static void make_script(int which, const char *by)
{
	char text[PATH_MAX + 8];
	int fd, n = snprintf(text, sizeof(text), "#!%s\n", by);

	snprintf(script[which], sizeof(script[which]), "/tmp/script-XXXXXX");
	fd = mkstemp(script[which]);
	check(fd >= 0 && write(fd, text, (size_t)n) == n && !fchmod(fd, 0755) &&
		      !close(fd),
	      "no script");
}

static void remove_scripts(void)
{
	unlink(script[0]);
	unlink(script[1]);
}

/* An interpreter's bits count, those of a script do not. */
static int by_script(const char *path, char *const argv[], char *const envp[],
		     void *arg)
{
	return harm_exec(script[1], argv, envp, arg);
}

static void case_scripts(void)
{
	struct race race = harm_race(by_script, HARM_RELEASE_MS);
	int i;

	make_script(0, race.path);
	make_script(1, script[0]);
	for (i = 0; i < HARM_RUNS; i++)
		harm_must_keep_once(&race, i);
	remove_scripts();
}

/* The interpreter could not open it: the kernel says so before the guard. */
static int by_closed_script(const char *path, char *const argv[],
			    char *const envp[], void *arg)
{
	int fd = open(script[1], O_PATH | O_CLOEXEC);

	return harm_answer(sys_execveat(fd, "", argv, envp, AT_EMPTY_PATH));
}

static void case_closed_script(void)
{
	struct race race = harm_race(by_closed_script, HARM_RELEASE_MS);
	struct race_result r;

	make_script(0, race.path);
	make_script(1, script[0]);
	race_run(&race, &r);
	remove_scripts();
	check(r.error == -ENOENT, "%s, errno %d",
	      target_verdict_name(r.verdict), -r.error);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "kept among 512 threads", case_many, 0 },
		{ "kept by a real-time thread, all on one CPU", case_greedy,
		  60 },
		{ "kept while io_uring makes workers", case_workers, 0 },
		{ "a script of a script of a set-uid program", case_scripts,
		  0 },
		{ "one whose descriptor is closed: ENOENT, as ever",
		  case_closed_script, 0 },
	};

	return tap_main(cases);
}
