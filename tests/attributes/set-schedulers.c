/* SPDX-License-Identifier: MIT */
/* Scenarios: scheduling. */
#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "scenario.h"

static int policy(int p, int priority)
{
	struct sched_param param = { .sched_priority = priority };

	return scenario_errno(sched_setscheduler(0, p, &param));
}

/* sched_setattr's first form; 6 is SCHED_DEADLINE. */
static int deadline_with(uint64_t flags)
{
	struct {
		uint32_t size, policy;
		uint64_t flags;
		int32_t nice;
		uint32_t priority;
		uint64_t runtime, deadline, period;
	} attr = { 48, 6, flags, 0, 0, 1000000, 100000000, 100000000 };

	return scenario_errno(syscall(SYS_sched_setattr, 0, &attr, 0));
}

static int nicer(void)
{
	return scenario_errno(setpriority(PRIO_PROCESS, 0, 7));
}

static int less_nice(void)
{
	return scenario_errno(setpriority(PRIO_PROCESS, 0, -7));
}

static int batch(void) { return policy(SCHED_BATCH, 0); }
static int idle(void) { return policy(SCHED_IDLE, 0); }
static int fifo(void) { return policy(SCHED_FIFO, 3); }
static int round_robin(void) { return policy(SCHED_RR, 5); }
static int deadline(void) { return deadline_with(0); }
static int deadline_reset(void) { return deadline_with(1); }

static int reset_nice(void)
{
	int r = policy(SCHED_OTHER | SCHED_RESET_ON_FORK, 0);

	return r ? r : less_nice();
}

static int reset_batch(void)
{
	int r = policy(SCHED_BATCH | SCHED_RESET_ON_FORK, 0);

	return r ? r : less_nice();
}

static int reset_fifo(void)
{
	return policy(SCHED_FIFO | SCHED_RESET_ON_FORK, 3);
}

static int reset_rr(void)
{
	return policy(SCHED_RR | SCHED_RESET_ON_FORK, 5);
}

/* A real-time policy hides it, and it is there again after. */
static int reset_fifo_nice(void)
{
	int r = nicer();

	return r ? r : reset_fifo();
}

/* As an ordinary user it could not take these back. */
static int reset_for_good(void)
{
	int r = reset_fifo();

	return r ? r : scenario_errno(syscall(SYS_setresuid, 1000, 1000, 1000));
}

static int reset_nice_for_good(void)
{
	int r = reset_nice();

	return r ? r : scenario_errno(syscall(SYS_setresuid, 1000, 1000, 1000));
}

static int affinity(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	return scenario_errno(sched_setaffinity(0, sizeof one, &one));
}

static int io_class(int class, int level)
{
	return scenario_errno(syscall(SYS_ioprio_set, 1, 0,
				      class << 13 | level));
}

static int io_realtime(void) { return io_class(1, 4); }
static int io_best_effort(void) { return io_class(2, 7); }
static int io_idle(void) { return io_class(3, 0); }

static const struct scenario list[] = {
	{ "nice 7", "nice", nicer, NULL, 0 },
	{ "nice -7", "nice", less_nice, NULL, 0 },
	{ "SCHED_BATCH", "sched.policy", batch, NULL, 0 },
	{ "SCHED_IDLE", "sched.policy", idle, NULL, 0 },
	{ "SCHED_FIFO", "sched.policy", fifo, NULL, 0 },
	{ "SCHED_RR", "sched.policy", round_robin, NULL, 0 },
	{ "SCHED_DEADLINE", "sched.policy", deadline, NULL, 0 },
	{ "SCHED_DEADLINE, reset on fork", "sched.flags", deadline_reset, NULL,
	  0 },
	{ "nice -7, reset on fork", "sched.flags", reset_nice, NULL, 0 },
	{ "SCHED_BATCH and nice -7, reset on fork", "sched.flags",
	  reset_batch, NULL, 0 },
	{ "SCHED_FIFO, reset on fork", "sched.flags", reset_fifo, NULL, 0 },
	{ "SCHED_FIFO and nice 7, reset on fork", "nice", reset_fifo_nice,
	  NULL, 0 },
	{ "SCHED_RR, reset on fork", "sched.flags", reset_rr, NULL, 0 },
	{ "SCHED_FIFO, reset on fork, for good", "sched.flags",
	  reset_for_good, NULL, 0 },
	{ "nice -7, reset on fork, for good", "sched.flags",
	  reset_nice_for_good, NULL, 0 },
	{ "bound to one CPU", "sched.affinity", affinity, NULL, 0 },
	{ "real-time I/O", "ioprio", io_realtime, NULL, 0 },
	{ "best-effort I/O", "ioprio", io_best_effort, NULL, 0 },
	{ "idle I/O", "ioprio", io_idle, NULL, 0 },
};

const struct scenario_list scenarios_of_schedulers = SCENARIO_LIST(list);
