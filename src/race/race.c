/* SPDX-License-Identifier: MIT */
#include "race.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "freeze.h"
#include "patience.h"
#include "race-child.h"

/* ---- The parent ------------------------------------------------------- */

/* To the end of the pipe, which is the end of the last one who holds it. */
static int read_line(int fd, struct patience *patience, char *line, size_t size,
		     long long *first)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t used = 0;
	int ready, error;
	char rest[64];
	ssize_t n;

	line[0] = '\0';
	while (!(error = patience_look(patience))) {
		ready = poll(&p, 1, PATIENCE_SLICE_MS);
		if (ready < 0 && errno != EINTR)
			return -errno;
		if (ready <= 0)
			continue;
		if (used < size - 1)
			n = read(fd, line + used, size - 1 - used);
		else
			n = read(fd, rest, sizeof(rest));
		if (n == 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0 && !*first)
			*first = clock_ns();
		if (n > 0 && used < size - 1)
			used += (size_t)n;
		line[used] = '\0';
	}
	return error;
}

static int exited_well(int status)
{
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Of those that were not back: the one that was called last. */
static void find_creation(struct race_page *page, struct race_result *r)
{
	int i;

	for (i = 0; i < RACE_CREATORS; i++) {
		struct race_creation *c = &page->creation[i];
		long long called = atomic_load(&c->called);

		if (atomic_load(&c->returned) || called <= r->creation)
			continue;
		r->creation = called;
		r->creator = atomic_load(&c->tid);
	}
}

static void judge_run(const struct race *race, struct race_page *page,
		      struct race_result *r, int error)
{
	long long started = atomic_load(&page->started);

	r->line[strcspn(r->line, "\n")] = '\0';
	r->stage = (enum race_stage)atomic_load(&page->stage);
	r->released = atomic_load(&page->released);
	r->eagain = atomic_load(&page->eagain);
	r->created = atomic_load(&page->created);
	r->exec = started;
	r->ended = clock_ns();
	r->frozen = atomic_load(&page->frozen);
	find_creation(page, r);
	if (started)
		r->microseconds = (long)((r->ended - started) / 1000);
	r->error = error ? error : atomic_load(&page->error);
	if (!r->error && !exited_well(r->status))
		r->error = -EIO;
	r->verdict = r->error ? TARGET_BROKEN :
				target_judge(race->kind, r->line);
	if (r->verdict == TARGET_BROKEN && !r->error)
		r->error = -EIO;
}

static int watch(const struct race *race, struct race_page *page, pid_t pid,
		 int fd, struct race_result *r)
{
	struct patience patience;
	int error;

	patience_begin(&patience, pid, race->limit_ms ? race->limit_ms : 5000);
	r->pid = (int)pid;
	error = read_line(fd, &patience, r->line, sizeof(r->line), &r->said);
	if (error)
		patience_kill(&patience, &r->status);
	else
		error = patience_reap(&patience, &r->status);
	if (error == -EBUSY) {
		r->starved = 1;
		error = -ETIMEDOUT;
	}
	judge_run(race, page, r, error);
	return r->stage == RACE_STAGE_EXEC ? 0 : r->error;
}

_Noreturn static void become_child(const struct race *race,
				   struct race_page *page, int fd)
{
	if (fd == 1)
		fcntl(fd, F_SETFD, 0);
	else if (dup2(fd, 1) < 0)
		_exit(1);
	race_child(race, page);
}

static int run_with_page(const struct race *race, struct race_page *page,
			 struct race_result *r)
{
	int ends[2], error;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (pid == 0)
		become_child(race, page, ends[1]);
	error = pid < 0 ? -errno : 0;
	close(ends[1]);
	if (!error)
		error = watch(race, page, pid, ends[0], r);
	close(ends[0]);
	return error;
}

int race_run(const struct race *race, struct race_result *r)
{
	struct race_page *page;
	int error;

	memset(r, 0, sizeof(*r));
	r->verdict = TARGET_BROKEN;
	page = mmap(NULL, sizeof(*page), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		return -errno;
	error = run_with_page(race, page, r);
	munmap(page, sizeof(*page));
	return error;
}

const char *race_why(const struct race_result *r, int error)
{
	if (r->starved)
		return "the machine is too busy to tell";
	switch (r->stage) {
	case RACE_STAGE_FREEZE:
	case RACE_STAGE_FROZEN:
		return freeze_why(error);
	case RACE_STAGE_DROP:
		return "nobody can become another user here";
	case RACE_STAGE_USERNS:
		return "user namespaces are not permitted";
	case RACE_STAGE_CREATE:
		return error == -EAGAIN ? "no more threads are allowed here" :
					  "threads cannot be created here";
	default:
		return strerror(-error);
	}
}
