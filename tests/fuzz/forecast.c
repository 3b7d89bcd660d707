/* SPDX-License-Identifier: MIT */
/*
 * The forecast and the search beside the kernel and libc, over any name, any
 * PATH and any arguments.  In the world of world.c every exec fails, so each
 * is really tried:
 *
 *  - what is foreseen to fail does, and not for a reason that comes later;
 *  - what could be foreseen is;
 *  - a search ends with the error with which libc's ends.
 */
#include "fuzz.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "arguments.h"
#include "forecast.h"
#include "pathexec.h"
#include "world.h"

/* What libc's own execvpe does. */
#ifdef __GLIBC__
#define RULES (&cx_search_glibc)
#else
#define RULES (&cx_search_musl)
#endif

enum { ARGUMENTS = 16, LONGEST = 200 * 1024, EDGE = 4096 };

static int have_world;
/* LONGEST bytes, a NUL, and then nothing that can be read. */
static char *strings;

struct trial {
	char *file, *path, *many;
	char *argv[ARGUMENTS + 2];
	uint8_t how;
	int searches;
	/* What came out. */
	enum forecast foreseen, filtered_foreseen;
	int started, arguments;
	int kernel, real, plain, ours, libc;
};

int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	size_t size = LONGEST + EDGE;

	(void)argc;
	(void)argv;
	have_world = world_make() == 0;
	if (!have_world) {
		fprintf(stderr, "no mount namespace to try it in\n");
		return -1;
	}
	strings = mmap(NULL, size + EDGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	fuzz_check(strings != MAP_FAILED);
	fuzz_check(mprotect(strings + size, EDGE, PROT_NONE) == 0);
	strings += size - LONGEST - 1;
	memset(strings, 'a', LONGEST);
	return 0;
}

/* Two bytes an argument: its length, or something that is no argument. */
static void make_arguments(struct trial *t, const char *from)
{
	int n = 1;

	t->argv[0] = strings + LONGEST - 1;
	for (; from[0] && from[1] && n <= ARGUMENTS; from += 2, n++) {
		unsigned int high = (uint8_t)from[0], low = (uint8_t)from[1];

		if (high == 0xff)
			t->argv[n] = (char *)(uintptr_t)low;
		else if (high == 0xfe) /* no NUL before the end */
			t->argv[n] = strings + LONGEST + 1;
		else
			t->argv[n] = strings + LONGEST -
				     (high << 8 | low) * 3;
	}
	t->argv[n] = NULL;
}

static int start(struct trial *t, struct cx_attempt *a, char *candidate)
{
	static char *const no_env[] = { NULL };

	memset(a, 0, sizeof *a);
	a->file = t->file;
	a->argv = t->argv;
	a->envp = no_env;
	if (!t->searches)
		return 0;
	a->rules = RULES;
	a->candidate = candidate;
	return cx_search_start(&a->search, t->file, t->path);
}

static void try_all(void *arg)
{
	static char candidate[PATH_MAX + NAME_MAX + 2];
	static const rlim_t limits[] = { 8 << 20, 1 << 20, 640 << 10, 65536 };
	struct rlimit stack, old;
	struct process open = { .is_asked = 1 };
	struct process filtered = { .is_asked = 1, .filtered = 1 };
	struct trial *t = arg;
	struct cx_attempt a;
	int r;

	getrlimit(RLIMIT_STACK, &old);
	stack = old;
	stack.rlim_cur = limits[t->how >> 6];
	setrlimit(RLIMIT_STACK, &stack);
	r = start(t, &a, candidate);
	t->real = t->plain = r;
	t->started = r >= 0;
	if (t->started) {
		t->arguments = cx_arguments_check(a.argv, a.envp);
		t->foreseen = cx_forecast(&a, &open);
		t->kernel = cx_attempt_without_envp(&a);
		start(t, &a, candidate);
		cx_forecast(&a, &open);
		t->real = cx_attempt(&a);
		start(t, &a, candidate);
		t->filtered_foreseen = cx_forecast(&a, &filtered);
		start(t, &a, candidate);
		t->plain = cx_attempt(&a);
	}
	if (t->how & 1) {
		struct cx_attempt search = {
			.file = t->file, .argv = t->argv, .envp = environ,
		};

		t->ours = cx_pathexec(&search, t->path, RULES);
		setenv("PATH", t->path, 1);
		errno = 0;
		execvpe(t->file, t->argv, environ);
		t->libc = -errno;
	}
	setrlimit(RLIMIT_STACK, &old);
}

/* Which the kernel says before it has looked into the file. */
static int comes_early(int error)
{
	switch (-error) {
	case ENOENT: case ENOTDIR: case ELOOP: case ENAMETOOLONG:
	case EACCES: case EFAULT: case E2BIG:
		return 1;
	default:
		return 0;
	}
}

static int is_late(int error)
{
	return error == -ENOEXEC;
}

static void judge(const struct trial *t)
{
	/* The forecast moved the search on, and that changed nothing. */
	fuzz_check(t->real == t->plain);
	fuzz_check(comes_early(t->plain) || is_late(t->plain));
	fuzz_check(!t->foreseen || !is_late(t->plain));
	fuzz_check(!t->filtered_foreseen || !is_late(t->plain));
	fuzz_check(t->arguments == 0 || t->plain != -ENOEXEC);
	/* The script's ENOENT is late; so is an E2BIG within the slack. */
	if (t->started && !strchr(t->file, 's') && t->plain != -E2BIG &&
	    comes_early(t->plain))
		fuzz_check(t->foreseen);
	/* Without arguments the kernel says the same of the file. */
	if (t->started && t->foreseen == FORECAST_NO_FILE)
		fuzz_check(t->kernel == t->plain);
	else if (t->started && t->foreseen == FORECAST_OPEN)
		fuzz_check(t->kernel == -EFAULT);
	if (t->how & 1)
		fuzz_check(t->ours == t->libc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trial t = { 0 };
	size_t n;
	char **s;

	/* A find is printed whole up to this size (it cannot be saved). */
	if (!have_world || size < 2 || size > 256)
		return 0;
	t.how = data[0];
	s = fuzz_strings(data + 1, size - 1, NULL, &n);
	t.file = s[0];
	t.searches = (t.how & 1) && !strchr(t.file, '/');
	t.path = n > 1 ? s[1] : s[0] + strlen(s[0]);
	make_arguments(&t, n > 2 ? s[2] : "");
	world_run(try_all, &t);
	judge(&t);
	fuzz_strings_free(s);
	return 0;
}
