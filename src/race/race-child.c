/* SPDX-License-Identifier: MIT */
#include "race-child.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <clonexec.h>

#include "asleep.h"
#include "caller.h"
#include "clock.h"
#include "freeze.h"
#include "patience.h"
#include "sharer.h"

enum {
	WARM_UP = 4, /* creations each before the exec */
	PHASES = 16,
	MAX_CREATIONS = 1000000, /* per creator, should exec never come */
	STACK_SIZE = 65536,
	RETRY_US = 100,
	SLEEP_NS = 200000,
};

static int limit(const struct race *race)
{
	return race->limit_ms ? race->limit_ms : 5000;
}

_Noreturn static void fail(struct race_page *page, int error)
{
	atomic_store(&page->error, error);
	_exit(1);
}

/* ---- Spinning creators ------------------------------------------------ */

struct creator {
	struct race_page *page;
	struct race_creation *last;
	int guarded;
};

static void *end_at_once(void *arg)
{
	return arg;
}

static int create(const struct creator *c, pthread_t *thread,
		  const pthread_attr_t *attr)
{
	int error;

	atomic_store(&c->last->returned, 0);
	atomic_store(&c->last->called, clock_ns());
	if (c->guarded)
		error = cx_pthread_create(thread, attr, end_at_once, NULL);
	else
		error = pthread_create(thread, attr, end_at_once, NULL);
	atomic_store(&c->last->returned, clock_ns());
	return error;
}

/* Joined, not detached: so EAGAIN never means a limit on threads. */
static void *spin(void *arg)
{
	const struct creator *c = arg;
	pthread_attr_t attr;
	pthread_t thread;
	int i, error;

	atomic_store(&c->last->tid, (int)syscall(SYS_gettid));
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	for (i = 0; i < MAX_CREATIONS && !atomic_load(&c->page->stop); i++) {
		error = create(c, &thread, &attr);
		if (error) {
			if (error == EAGAIN)
				atomic_fetch_add(&c->page->eagain, 1);
			/* As a program that tries again, not as a mill. */
			usleep(RETRY_US);
			continue;
		}
		atomic_fetch_add(&c->page->created, 1);
		pthread_join(thread, NULL);
	}
	return NULL;
}

static int start_spinning(const struct race *race, struct race_page *page)
{
	static struct creator c[RACE_CREATORS];
	unsigned int enough;
	pthread_t thread;
	int i, error;

	for (i = 0; i < RACE_CREATORS; i++) {
		c[i].page = page;
		c[i].last = &page->creation[i];
		c[i].guarded = race->guarded;
		error = pthread_create(&thread, NULL, spin, &c[i]);
		if (error)
			return -error;
	}
	/* Some more or less, or every run meets the same phase of the loop. */
	enough = RACE_CREATORS * WARM_UP +
		 (unsigned int)(clock_ns() / 64 % PHASES);
	while (atomic_load(&page->created) < enough)
		sched_yield();
	return 0;
}

/* ---- A frozen creator ------------------------------------------------- */

struct releaser {
	struct race_page *page;
	struct freeze *freeze;
	pid_t exec_tid;
	int release_ms;
	atomic_int go;
};

/*
 * Lets the clone go when the exec'ing thread waits.  If it never does, the
 * clone stays frozen and the exec shows what that costs it.
 */
static void *release_when_waiting(void *arg)
{
	struct releaser *r = arg;
	struct timespec pause = { .tv_nsec = SLEEP_NS };

	for (;;) {
		nanosleep(&pause, NULL);
		if (!atomic_load(&r->go) || !asleep_in_futex(r->exec_tid))
			continue;
		/* Said first: once it is let go, the exec ends this thread. */
		atomic_store(&r->page->released, 1);
		if (freeze_release(r->freeze))
			atomic_store(&r->page->released, 0);
		break;
	}
	return NULL;
}

/* An exec that takes its course meanwhile ends this thread. */
static void *release_after(void *arg)
{
	struct releaser *r = arg;
	struct timespec pause = { .tv_nsec = SLEEP_NS };
	long long started;

	do {
		nanosleep(&pause, NULL);
		started = atomic_load(&r->page->started);
	} while (!started || clock_ns() - started < r->release_ms * 1000000LL);
	if (!freeze_release(r->freeze))
		atomic_store(&r->page->released, 1);
	return NULL;
}

static int start_releaser(const struct race *race, struct releaser *r)
{
	pthread_t thread;

	r->exec_tid = (pid_t)syscall(SYS_gettid);
	r->release_ms = race->release_ms;
	if (race->guarded)
		return -pthread_create(&thread, NULL, release_when_waiting, r);
	if (race->release_ms)
		return -pthread_create(&thread, NULL, release_after, r);
	return 0;
}

static int start_frozen(const struct race *race, struct race_page *page,
			struct freeze *f)
{
	static struct releaser r;
	int error;

	r.page = page;
	r.freeze = f;
	error = start_releaser(race, &r);
	if (error)
		return error;
	error = freeze_start(f,
			     race->creators == RACE_STRANGER ? FREEZE_PROCESS :
							       FREEZE_THREAD,
			     race->guarded);
	if (!error)
		error = freeze_wait(f);
	atomic_store(&page->frozen, clock_ns());
	atomic_store(&page->creation[0].tid, atomic_load(&f->tid));
	atomic_store(&page->creation[0].called, atomic_load(&f->called));
	atomic_store(&r.go, 1);
	return error;
}

/* ---- The child -------------------------------------------------------- */

static int freezes(const struct race *race)
{
	return race->creators == RACE_FROZEN || race->creators == RACE_STRANGER;
}

static void *idle(void *arg)
{
	int i;

	for (i = 0; i < 1000; i++)
		usleep(100000);
	return arg;
}

static int start_creators(const struct race *race, struct race_page *page,
			  struct freeze *f)
{
	pthread_t thread;
	int error;

	switch (race->creators) {
	case RACE_IDLE:
		return -pthread_create(&thread, NULL, idle, NULL);
	case RACE_FROZEN:
	case RACE_STRANGER:
		return start_frozen(race, page, f);
	case RACE_SPINNING:
		return start_spinning(race, page);
	case RACE_SHARED:
		error = -pthread_create(&thread, NULL, idle, NULL);
		return error ? error : sharer_start(page, race->release_ms);
	default:
		return 0;
	}
}

static void enter(struct race_page *page, enum race_stage stage, int error)
{
	if (error)
		fail(page, error);
	atomic_store(&page->stage, stage);
}

_Noreturn void race_child(const struct race *race, struct race_page *page)
{
	static char name[] = "clonexec-target";
	char *argv[] = { name, NULL }, *envp[] = { NULL };
	static struct freeze f;
	int error = 0;

	/* The parent ends us in time, unless it is killed itself. */
	signal(SIGALRM, SIG_DFL);
	alarm((unsigned int)(limit(race) / 1000 + 2) * 2 * PATIENCE_BOUND);

	enter(page, RACE_STAGE_FREEZE, 0);
	if (freezes(race))
		error = freeze_open(&f);
	enter(page, RACE_STAGE_DROP, error);
	if (race->caller)
		error = caller_drop(race->caller);
	enter(page, RACE_STAGE_USERNS, error);
	if (race->kind == TARGET_USERNS)
		error = caller_enter_userns();
	enter(page, freezes(race) ? RACE_STAGE_FROZEN : RACE_STAGE_CREATE,
	      error);
	error = start_creators(race, page, &f);
	enter(page, RACE_STAGE_EXEC, error);

	atomic_store(&page->started, clock_ns());
	race->exec(race->path, argv, envp, race->arg);
	error = errno;
	atomic_store(&page->stop, 1);
	fail(page, error ? -error : -EIO);
}
