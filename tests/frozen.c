/* SPDX-License-Identifier: MIT */
#include "frozen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "named.h"
#include "tap.h"

static struct targets targets;
static const struct target_caller caller = { 1000, 1000 };

static const char *const call_names[] = {
	"execve", "execv", "execvp", "execvpe", "execl", "execlp", "execle",
	"fexecve", "execveat",
};

const char *frozen_call_name(enum frozen_call call)
{
	return call_names[call];
}

void frozen_need_targets(void)
{
	static int made;
	int r;

	if (made)
		return;
	tap_need_root();
	r = targets_make(&targets, &caller);
	check(r == 0, "no place for the targets: %s", strerror(-r));
	made = 1;
}

void frozen_need_named_targets(void)
{
	const char *place;
	int r;

	tap_need_root();
	place = named_place();
	if (!place)
		tap_skip("nothing can be mounted here: %s", strerror(errno));
	frozen_need_targets();
	r = named_targets(&targets, place);
	check(r == 0, "no names for the targets: %s", strerror(-r));
}

/* The file's name alone, with PATH pointing at its directory. */
static const char *to_search(const char *path)
{
	static char dir[PATH_MAX];
	char *slash;

	snprintf(dir, sizeof dir, "/nowhere:%s", path);
	slash = strrchr(dir, '/');
	*slash = '\0';
	setenv("PATH", dir, 1);
	return strrchr(path, '/') + 1;
}

static int call_plain(enum frozen_call call, const char *path,
		      char *const argv[], char *const envp[])
{
	switch (call) {
	case FROZEN_EXECVE:
		return execve(path, argv, envp);
	case FROZEN_EXECV:
		return execv(path, argv);
	case FROZEN_EXECVP:
		return execvp(to_search(path), argv);
	case FROZEN_EXECVPE:
		return execvpe(to_search(path), argv, envp);
	case FROZEN_EXECL:
		return execl(path, argv[0], (char *)NULL);
	case FROZEN_EXECLP:
		return execlp(to_search(path), argv[0], (char *)NULL);
	case FROZEN_EXECLE:
		return execle(path, argv[0], (char *)NULL, envp);
	case FROZEN_FEXECVE:
		return fexecve(open(path, O_PATH | O_CLOEXEC), argv, envp);
	case FROZEN_EXECVEAT:
		/* musl 1.2.3 has no wrapper for it. */
		return (int)syscall(SYS_execveat, AT_FDCWD, path, argv, envp,
				    0);
	default:
		errno = ENOSYS;
		return -1;
	}
}

static int call_ours(enum frozen_call call, const char *path,
		     char *const argv[], char *const envp[])
{
	switch (call) {
	case FROZEN_EXECVE:
		return cx_execve(path, argv, envp);
	case FROZEN_EXECV:
		return cx_execv(path, argv);
	case FROZEN_EXECVP:
		return cx_execvp(to_search(path), argv);
	case FROZEN_EXECVPE:
		return cx_execvpe(to_search(path), argv, envp);
	case FROZEN_EXECL:
		return cx_execl(path, argv[0], (char *)NULL);
	case FROZEN_EXECLP:
		return cx_execlp(to_search(path), argv[0], (char *)NULL);
	case FROZEN_EXECLE:
		return cx_execle(path, argv[0], (char *)NULL, envp);
	case FROZEN_FEXECVE:
		return cx_fexecve(open(path, O_PATH | O_CLOEXEC), argv, envp);
	case FROZEN_EXECVEAT:
		return cx_execveat(AT_FDCWD, path, argv, envp, 0);
	default:
		errno = ENOSYS;
		return -1;
	}
}

int frozen_exec(const char *path, char *const argv[], char *const envp[],
		void *arg)
{
	const struct frozen_way *way = arg;

	if (way->prepare)
		way->prepare();
	if (way->plain)
		return call_plain(way->call, path, argv, envp);
	cx_set_strategy(way->strategy);
	return call_ours(way->call, path, argv, envp);
}

struct race_result frozen_run_with(enum target_kind kind,
				   const struct frozen_way *way, int guarded,
				   enum race_creators creators)
{
	struct race race = {
		.kind = kind,
		.path = targets.path[kind],
		.caller = &caller,
		.creators = creators,
		.guarded = guarded,
		.exec = frozen_exec,
		.arg = (void *)(uintptr_t)way,
		.limit_ms = 8000,
	};
	struct race_result result;
	int r;

	if (targets.error[kind])
		tap_skip("no %s target: %s", target_name(kind),
			 strerror(-targets.error[kind]));
	r = race_run(&race, &result);
	if (r < 0 && result.stage != RACE_STAGE_EXEC)
		tap_skip("cannot freeze the race: %s", race_why(&result, r));
	return result;
}

struct race_result frozen_run(enum target_kind kind,
			      const struct frozen_way *way, int guarded)
{
	return frozen_run_with(kind, way, guarded, RACE_FROZEN);
}
