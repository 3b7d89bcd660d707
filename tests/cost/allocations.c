/* SPDX-License-Identifier: MIT */
/*
 * P7: nothing allocates.  This program has a malloc of its own, which counts;
 * the control is what libc's pthread_create allocates for a thread.
 */
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <clonexec.h>

#include "tap.h"

/* ---- An allocator that counts, for the whole process -------------------- */

static char arena[4 << 20] __attribute__((aligned(16)));
static atomic_size_t used;
static atomic_int *allocations;	/* shared with the parent; NULL at first */

static void *allocate(size_t size, size_t alignment)
{
	size_t at = atomic_fetch_add(&used, size + alignment + 16);
	char *p;

	if (allocations)
		atomic_fetch_add(allocations, 1);
	if (at + size + alignment + 16 > sizeof arena)
		return NULL;
	p = (char *)(((size_t)arena + at + 16 + alignment - 1) & -alignment);
	((size_t *)p)[-1] = size;
	return p;
}

void *malloc(size_t size)
{
	return allocate(size, 16);
}

void *calloc(size_t n, size_t size)
{
	size_t all;

	/* Fresh memory of a static array: zero already. */
	return __builtin_mul_overflow(n, size, &all) ? NULL :
						      allocate(all, 16);
}

void *realloc(void *old, size_t size)
{
	void *p = allocate(size, 16);
	size_t had = old ? ((size_t *)old)[-1] : 0;

	if (p && old)
		memcpy(p, old, had < size ? had : size);
	return p;
}

void free(void *p)
{
	if (p && allocations)
		atomic_fetch_add(allocations, 1);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return allocate(size, alignment < 16 ? 16 : alignment);
}

void *memalign(size_t alignment, size_t size)
{
	return aligned_alloc(alignment, size);
}

int posix_memalign(void **p, size_t alignment, size_t size)
{
	*p = aligned_alloc(alignment, size);
	return *p ? 0 : ENOMEM;
}

/* ---- The cases ----------------------------------------------------------- */

static char *const args[] = { (char *)"true", NULL };
static char *const no_env[] = { NULL };

static void count_from_here(void)
{
	if (!allocations)
		allocations = mmap(NULL, sizeof *allocations,
				   PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	check(allocations != MAP_FAILED, "mmap");
	atomic_store(allocations, 0);
}

static void *idle(void *arg)
{
	pause();
	return arg;
}

static void *nothing(void *arg)
{
	return arg;
}

static int creation(int (*create)(pthread_t *, const pthread_attr_t *,
				  void *(*)(void *), void *))
{
	pthread_t t;
	int n;

	count_from_here();
	check(create(&t, NULL, nothing, NULL) == 0, "a thread");
	n = atomic_load(allocations);
	pthread_join(t, NULL);
	return n;
}

static void creations(void)
{
	int raw, ours;

	creation(pthread_create); /* the first is special */
	raw = creation(pthread_create);
	ours = creation(cx_pthread_create);
	check(ours == raw, "%d allocations, not %d", ours, raw);
}

/* The control: without it zero could mean that nobody counts. */
static void counts(void)
{
	void *volatile p;

	count_from_here();
	p = malloc(1);
	free(p);
	check(atomic_load(allocations) == 2, "%d, not 2",
	      atomic_load(allocations));
}

static void exec_of_all_kinds(enum cx_strategy strategy)
{
	pthread_t t;
	pid_t pid;
	int status;

	count_from_here();
	pid = fork();
	if (pid == 0) {
		if (pthread_create(&t, NULL, idle, NULL) != 0)
			_exit(1);
		cx_set_strategy(strategy);
		atomic_store(allocations, 0);
		cx_execve("/nowhere", args, no_env);
		cx_execvp("nowhere-at-all", args);
		cx_execl("/nowhere", "a", "b", NULL);
		cx_execlp("nowhere-at-all", "a", "b", NULL);
		cx_execle("/nowhere", "a", "b", NULL, no_env);
		cx_fexecve(-1, args, no_env);
		cx_execveat(-1, "nowhere", args, no_env, 0);
		if (cx_before_exec() == 0)
			cx_after_exec();
		if (cx_before_exec_with(CX_UNSHARE) == 0)
			cx_after_exec();
		cx_execvpe("true", args, no_env);
		_exit(2);
	}
	waitpid(pid, &status, 0);
	check(status == 0, "the child: %#x", status);
	check(atomic_load(allocations) == 0, "%d allocations",
	      atomic_load(allocations));
}

static void execs(void)
{
	enum cx_strategy s;

	for (s = CX_AUTO; s <= CX_LOCK; s++)
		exec_of_all_kinds(s);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "control: an allocation is counted", counts, 20 },
		{ "a creation allocates what pthread_create does", creations,
		  20 },
		{ "no exec allocates, whether it fails or not", execs, 60 },
	};

	return tap_main(cases);
}
