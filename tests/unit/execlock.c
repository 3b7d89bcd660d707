/* SPDX-License-Identifier: MIT */
/*
 * The exec lock by itself.  Waits in here are for events, never for a time to
 * pass; where a wait must not end, the case's own limit ends it.
 */
#include "execlock.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "asleep.h"
#include "tap.h"

enum { WRITER = 10000, LONG_MS = 600000 };

/* Nobody is inside and nobody holds it: no wait is needed to get it. */
static void check_idle(void)
{
	int r;

	cx_execlock_set_timeout(0);
	r = cx_execlock_lock();
	check(r == 0, "the lock is not idle: %s", strerror(-r));
	cx_execlock_unlock();
}

static void start(pthread_t *t, void *(*fn)(void *), void *arg)
{
	check(pthread_create(t, NULL, fn, arg) == 0, "pthread_create");
}

/* ---- The hammer, after Go's TestRWMutex ---- */

static struct {
	atomic_int activity;
	atomic_int bad;
	int rounds;
} hammer;

static void *hammer_reader(void *arg)
{
	int i, n;

	for (i = 0; i < hammer.rounds; i++) {
		cx_execlock_enter();
		n = atomic_fetch_add(&hammer.activity, 1) + 1;
		if (n < 1 || n >= WRITER)
			atomic_store(&hammer.bad, n);
		for (n = 0; n < 100; n++)
			atomic_signal_fence(memory_order_seq_cst);
		atomic_fetch_sub(&hammer.activity, 1);
		cx_execlock_leave();
	}
	return arg;
}

static void *hammer_writer(void *arg)
{
	int i, n, r;

	for (i = 0; i < hammer.rounds; i++) {
		r = cx_execlock_lock();
		n = atomic_fetch_add(&hammer.activity, WRITER) + WRITER;
		if (n != WRITER)
			atomic_store(&hammer.bad, n);
		if (r != 0)
			atomic_store(&hammer.bad, r);
		for (n = 0; n < 100; n++)
			atomic_signal_fence(memory_order_seq_cst);
		atomic_fetch_sub(&hammer.activity, WRITER);
		cx_execlock_unlock();
	}
	return arg;
}

static void run_hammer(int writers, int readers, int rounds)
{
	pthread_t t[64];
	int i;

	hammer.rounds = rounds;
	cx_execlock_set_timeout(LONG_MS);
	for (i = 0; i < writers; i++)
		start(&t[i], hammer_writer, NULL);
	for (i = 0; i < readers; i++)
		start(&t[writers + i], hammer_reader, NULL);
	for (i = 0; i < writers + readers; i++)
		pthread_join(t[i], NULL);
	check(atomic_load(&hammer.bad) == 0,
	      "%d writers, %d readers: activity %d", writers, readers,
	      atomic_load(&hammer.bad));
	check_idle();
}

static void hammer_few(void)
{
	run_hammer(2, 1, 1000);
	run_hammer(2, 3, 1000);
	run_hammer(2, 5, 1000);
	run_hammer(2, 10, 1000);
}

static void hammer_many(void)
{
	run_hammer(2, 30, 500);
	run_hammer(20, 20, 100);
}

/* ---- Side by side ---- */

static pthread_barrier_t barrier;

static void *meet_inside(void *arg)
{
	cx_execlock_enter();
	pthread_barrier_wait(&barrier);
	cx_execlock_leave();
	return arg;
}

static void side_by_side(void)
{
	static const unsigned int counts[] = { 1, 3, 4 };
	pthread_t t[4];
	unsigned int i, k;

	for (k = 0; k < 3; k++) {
		pthread_barrier_init(&barrier, NULL, counts[k]);
		for (i = 0; i < counts[k]; i++)
			start(&t[i], meet_inside, NULL);
		for (i = 0; i < counts[k]; i++)
			pthread_join(t[i], NULL);
		pthread_barrier_destroy(&barrier);
	}
	check_idle();
}

/* ---- Fairness ---- */

static struct {
	atomic_int baton;	/* who has to come in before who may leave */
	atomic_int stop;
	atomic_int inside;
} relay;

/* One of them is always inside: each leaves only when another one has come
   in, or seems not to because a writer is waiting. */
static void *relay_reader(void *arg)
{
	int i;

	while (!atomic_load(&relay.stop)) {
		cx_execlock_enter();
		atomic_fetch_add(&relay.inside, 1);
		for (i = 0; i < 1000 && atomic_load(&relay.inside) < 2; i++)
			sched_yield();
		atomic_fetch_add(&relay.baton, 1);
		atomic_fetch_sub(&relay.inside, 1);
		cx_execlock_leave();
	}
	return arg;
}

static void *relay_writer(void *arg)
{
	int i;

	for (i = 0; i < 20; i++) {
		check(cx_execlock_lock() == 0, "a writer timed out");
		cx_execlock_unlock();
	}
	atomic_store(&relay.stop, 1);
	return arg;
}

/*
 * With three readers that overlap all the time, a lock without writer
 * preference lets no writer in.  Here the wait is that of those inside.
 */
static void writer_not_starved(void)
{
	pthread_t r[3], w;
	int i;

	cx_execlock_set_timeout(LONG_MS);
	for (i = 0; i < 3; i++)
		start(&r[i], relay_reader, NULL);
	while (atomic_load(&relay.baton) < 3)
		sched_yield();
	start(&w, relay_writer, NULL);
	pthread_join(w, NULL);
	for (i = 0; i < 3; i++)
		pthread_join(r[i], NULL);
	check_idle();
}

static atomic_int stop_writing;

static void *write_without_pause(void *arg)
{
	while (!atomic_load(&stop_writing)) {
		cx_execlock_lock();
		cx_execlock_unlock();
	}
	return arg;
}

static void *read_hundred(void *arg)
{
	int i;

	for (i = 0; i < 100; i++) {
		cx_execlock_enter();
		cx_execlock_leave();
	}
	return arg;
}

static void readers_get_in(void)
{
	pthread_t w[2], r[4];
	int i;

	cx_execlock_set_timeout(LONG_MS);
	for (i = 0; i < 2; i++)
		start(&w[i], write_without_pause, NULL);
	for (i = 0; i < 4; i++)
		start(&r[i], read_hundred, NULL);
	for (i = 0; i < 4; i++)
		pthread_join(r[i], NULL);
	atomic_store(&stop_writing, 1);
	for (i = 0; i < 2; i++)
		pthread_join(w[i], NULL);
	check_idle();
}

static atomic_int waiter_tid, waiter_came;

static void *wait_to_read(void *arg)
{
	atomic_store(&waiter_tid, (int)syscall(SYS_gettid));
	cx_execlock_enter();
	atomic_store(&waiter_came, 1);
	cx_execlock_leave();
	return arg;
}

/* A writer that comes back at once finds that the waiting reader was in. */
static void hand_off(void)
{
	pthread_t t;
	int i;

	cx_execlock_set_timeout(LONG_MS);
	for (i = 0; i < 50; i++) {
		atomic_store(&waiter_tid, 0);
		atomic_store(&waiter_came, 0);
		cx_execlock_lock();
		start(&t, wait_to_read, NULL);
		while (!atomic_load(&waiter_tid) ||
		       !asleep_in_futex(atomic_load(&waiter_tid)))
			sched_yield();
		cx_execlock_unlock();
		cx_execlock_lock();
		check(atomic_load(&waiter_came), "round %d: passed over", i);
		cx_execlock_unlock();
		pthread_join(t, NULL);
	}
	check_idle();
}

/* ---- Bounded waits ---- */

static pthread_barrier_t gate;

/* Comes in, meets at the gate, and stays until it meets there again. */
static void *stay_inside(void *arg)
{
	cx_execlock_enter();
	pthread_barrier_wait(&gate);
	pthread_barrier_wait(&gate);
	cx_execlock_leave();
	return arg;
}

static void *hold(void *arg)
{
	cx_execlock_lock();
	pthread_barrier_wait(&gate);
	pthread_barrier_wait(&gate);
	cx_execlock_unlock();
	return arg;
}

static void stuck_reader(void)
{
	pthread_t t;

	pthread_barrier_init(&gate, NULL, 2);
	start(&t, stay_inside, NULL);
	pthread_barrier_wait(&gate);
	cx_execlock_set_timeout(20);
	check(cx_execlock_lock() == -ETIMEDOUT, "it did not time out");
	cx_execlock_unlock();
	/* Given up: the second exec need not wait for it again. */
	cx_execlock_set_timeout(LONG_MS);
	check(cx_execlock_lock() == 0, "the second wait failed");
	cx_execlock_unlock();
	cx_execlock_enter();
	cx_execlock_leave();
	/* And if it comes back after all, that does no lasting harm. */
	pthread_barrier_wait(&gate);
	pthread_join(t, NULL);
	cx_execlock_lock();
	cx_execlock_unlock();
	run_hammer(2, 3, 200);
}

static void stuck_writer(void)
{
	pthread_t t;

	pthread_barrier_init(&gate, NULL, 2);
	start(&t, hold, NULL);
	pthread_barrier_wait(&gate);
	cx_execlock_set_timeout(20);
	cx_execlock_enter(); /* waits in vain, goes on, breaks the hold */
	cx_execlock_leave();
	cx_execlock_set_timeout(LONG_MS);
	cx_execlock_enter(); /* so this one does not wait: or we hang here */
	cx_execlock_leave();
	cx_execlock_set_timeout(20);
	check(cx_execlock_lock() == -ETIMEDOUT, "two writers");
	cx_execlock_unlock();
	/* Its place was taken over; its late release must not hurt. */
	cx_execlock_set_timeout(LONG_MS);
	check(cx_execlock_lock() == 0, "not free again");
	pthread_barrier_wait(&gate);
	pthread_join(t, NULL);
	cx_execlock_unlock();
	check_idle();
}

static void *lock_and_die(void *arg)
{
	cx_execlock_lock();
	return arg;
}

static void dead_writer(void)
{
	pthread_t t;

	start(&t, lock_and_die, NULL);
	pthread_join(t, NULL);
	cx_execlock_set_timeout(20);
	cx_execlock_lock();
	cx_execlock_unlock();
	check_idle();
}

static void no_wait_at_all(void)
{
	pthread_t t;

	pthread_barrier_init(&gate, NULL, 2);
	start(&t, stay_inside, NULL);
	pthread_barrier_wait(&gate);
	cx_execlock_set_timeout(0);
	check(cx_execlock_lock() == -ETIMEDOUT, "0 means: do not wait");
	cx_execlock_unlock();
	check(cx_execlock_set_timeout(EXECLOCK_TIMEOUT_MAX) == 0, "an hour");
	check(cx_execlock_set_timeout(EXECLOCK_TIMEOUT_MAX + 1) == -EINVAL,
	      "more than an hour");
	pthread_barrier_wait(&gate);
	pthread_join(t, NULL);
}

/* ---- Nesting, handlers, forks ---- */

static atomic_int writer_tid, writer_came;

static void *wait_to_write(void *arg)
{
	atomic_store(&writer_tid, (int)syscall(SYS_gettid));
	check(cx_execlock_lock() == 0, "timed out");
	atomic_store(&writer_came, 1);
	cx_execlock_unlock();
	return arg;
}

/* The door is closed, for the writer sleeps until we are out. */
static void nested(void)
{
	pthread_t t;
	int i;

	cx_execlock_set_timeout(LONG_MS);
	cx_execlock_enter();
	start(&t, wait_to_write, NULL);
	while (!atomic_load(&writer_tid) ||
	       !asleep_in_futex(atomic_load(&writer_tid)))
		sched_yield();
	for (i = 0; i < 100; i++) {
		cx_execlock_enter();
		cx_execlock_enter();
		check(!atomic_load(&writer_came), "the writer came in");
		cx_execlock_leave();
		cx_execlock_leave();
	}
	cx_execlock_leave();
	pthread_join(t, NULL);
	check(atomic_load(&writer_came), "the writer did not come in");
	check_idle();
}

static atomic_int handled;

static void lock_in_handler(int sig)
{
	check(cx_execlock_lock() == 0, "waits for itself, signal %d", sig);
	cx_execlock_unlock();
	atomic_fetch_add(&handled, 1);
}

static void enter_in_handler(int sig)
{
	cx_execlock_enter();
	cx_execlock_leave();
	atomic_fetch_add(&handled, sig != 0);
}

static void handlers(void)
{
	cx_execlock_set_timeout(LONG_MS);
	signal(SIGUSR1, lock_in_handler);
	signal(SIGUSR2, enter_in_handler);
	cx_execlock_enter();
	raise(SIGUSR1);
	raise(SIGUSR2);
	cx_execlock_leave();
	cx_execlock_lock();
	raise(SIGUSR1); /* ends this hold too: nothing left to release */
	raise(SIGUSR2);
	cx_execlock_unlock();
	cx_execlock_lock();
	raise(SIGUSR2);
	cx_execlock_unlock();
	check(atomic_load(&handled) == 5, "a handler did not run");
	check_idle();
}

static void expect_child(int (*fn)(void), const char *what)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(fn());
	waitpid(pid, &status, 0);
	check(status == 0, "%s: status %#x", what, status);
}

/* In the child nobody is inside but, perhaps, the thread that forked. */
static int child_is_free(void)
{
	cx_execlock_set_timeout(0);
	cx_execlock_enter();
	cx_execlock_leave();
	if (cx_execlock_lock() != 0)
		return 1;
	cx_execlock_unlock();
	return 0;
}

static int child_leaves(void)
{
	cx_execlock_leave();
	return child_is_free();
}

static int child_nests_and_leaves(void)
{
	int r;

	cx_execlock_enter();
	cx_execlock_set_timeout(0);
	r = cx_execlock_lock(); /* only itself inside */
	cx_execlock_unlock();
	cx_execlock_leave();
	cx_execlock_leave();
	return r ? 2 : child_is_free();
}

static void forks(void)
{
	pthread_t in, out;

	pthread_barrier_init(&gate, NULL, 2);
	start(&in, stay_inside, NULL);
	pthread_barrier_wait(&gate);
	expect_child(child_is_free, "another thread was inside");
	pthread_barrier_wait(&gate);
	pthread_join(in, NULL);

	start(&out, hold, NULL);
	pthread_barrier_wait(&gate);
	expect_child(child_is_free, "another thread held it");
	pthread_barrier_wait(&gate);
	pthread_join(out, NULL);

	cx_execlock_enter();
	expect_child(child_leaves, "it was inside itself");
	expect_child(child_nests_and_leaves, "inside, and again");
	cx_execlock_leave();
	cx_execlock_lock();
	expect_child(child_is_free, "it held it itself");
	cx_execlock_unlock();
	check_idle();
}

/* ---- Misuse and storms ---- */

static void unpaired_leave(void)
{
	int i;

	cx_execlock_enter();
	cx_execlock_leave();
	cx_execlock_leave();
	for (i = 0; i < 3; i++) {
		cx_execlock_enter();
		cx_execlock_leave();
	}
	cx_execlock_lock();
	cx_execlock_unlock();
	run_hammer(2, 3, 200);
}

static void count_signal(int sig)
{
	atomic_fetch_add(&handled, sig != 0);
}

/* Waits that signals interrupt all the time still end, and only when due. */
static void signal_storm(void)
{
	struct itimerval every = { { 0, 100 }, { 0, 100 } };
	pthread_t t;

	pthread_barrier_init(&gate, NULL, 2);
	start(&t, stay_inside, NULL);
	pthread_barrier_wait(&gate);
	signal(SIGALRM, count_signal);
	setitimer(ITIMER_REAL, &every, NULL);
	cx_execlock_set_timeout(100);
	check(cx_execlock_lock() == -ETIMEDOUT, "it did not time out");
	cx_execlock_unlock();
	memset(&every, 0, sizeof every);
	setitimer(ITIMER_REAL, &every, NULL);
	check(atomic_load(&handled) > 0, "no signal came");
	pthread_barrier_wait(&gate);
	pthread_join(t, NULL);
}

static void leaves_errno(void)
{
	pthread_t t;

	errno = 4711;
	cx_execlock_enter();
	cx_execlock_leave();
	pthread_barrier_init(&gate, NULL, 2);
	start(&t, stay_inside, NULL);
	pthread_barrier_wait(&gate);
	errno = 4711;
	cx_execlock_set_timeout(1);
	cx_execlock_lock();
	cx_execlock_unlock();
	check(errno == 4711, "errno is %d", errno);
	pthread_barrier_wait(&gate);
	pthread_join(t, NULL);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "hammer: 2 writers, 1 to 10 readers", hammer_few, 120 },
		{ "hammer: more threads than CPUs", hammer_many, 120 },
		{ "1, 3 and 4 readers are inside at once", side_by_side, 30 },
		{ "overlapping readers do not starve a writer",
		  writer_not_starved, 60 },
		{ "back-to-back writers do not starve readers",
		  readers_get_in, 60 },
		{ "a writer first lets in who waited for the one before",
		  hand_off, 60 },
		{ "a stuck reader costs one bounded wait", stuck_reader, 60 },
		{ "a stuck writer costs one bounded wait", stuck_writer, 60 },
		{ "a dead writer costs one bounded wait", dead_writer, 60 },
		{ "a time of 0, and one too long", no_wait_at_all, 60 },
		{ "the shared side nests while a writer waits", nested, 60 },
		{ "signal handlers inside either side", handlers, 60 },
		{ "fork children inherit neither side", forks, 60 },
		{ "a leave too many is mended", unpaired_leave, 60 },
		{ "waits end in time under signals", signal_storm, 60 },
		{ "errno is left alone", leaves_errno, 60 },
	};

	return tap_main(cases);
}
