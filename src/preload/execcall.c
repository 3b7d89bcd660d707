/* SPDX-License-Identifier: MIT */
/*
 * Raw system calls would hide the exec from another preload after ours that
 * wraps exec too (a build recorder, an audit log).  So where there is one,
 * what would be the system call is its function, under the same protection;
 * only the helper thread can't be had then.
 */
#include "execcall.h"

#include <errno.h>

#include "arguments.h"
#include "config.h"
#include "debug.h"
#include "execlock.h"
#include "forecast.h"
#include "heritage.h"
#include "pathexec.h"
#include "process.h"

/* glibc and musl both have the first, only glibc has the second. */
extern int *__errno_location(void) __attribute__((weak));
extern const char *gnu_get_libc_version(void) __attribute__((weak));

int execcall_is_glibc(void)
{
	return gnu_get_libc_version != NULL;
}

int execcall_answer(int r)
{
	if (r >= 0)
		return r;
	if (__errno_location)
		*__errno_location() = -r;
	return -1;
}

/* The name says what arguments the function takes. */
static int call_next(enum next_name name, void *function,
		     const struct cx_attempt *a)
{
	union {
		void *any;
		int (*plain)(const char *, char *const *);
		int (*env)(const char *, char *const *, char *const *);
		int (*fd)(int, char *const *, char *const *);
		int (*at)(int, const char *, char *const *, char *const *,
			  int);
	} f = { .any = function };

	switch (name) {
	case NEXT_EXECV:
	case NEXT_EXECVP:
		return f.plain(a->file, a->argv);
	case NEXT_EXECVE:
	case NEXT_EXECVPE:
		return f.env(a->file, a->argv, a->envp);
	case NEXT_FEXECVE:
		return f.fd(a->dirfd, a->argv, a->envp);
	case NEXT_EXECVEAT:
		return f.at(a->dirfd, a->file, a->argv, a->envp, a->flags);
	default:
		return execcall_answer(-ENOSYS);
	}
}

static enum cx_strategy strategy_to_hand_on(struct execcall *call,
					    const struct config *config)
{
	if (config->strategy != CX_AUTO && config->strategy != CX_UNSHARE)
		return CX_LOCK;
	/* Of a search we would have to know the candidates. */
	if (!call->searches && cx_forecast_fails(&call->attempt,
						  cx_process_look().filtered))
		return CX_LOCK;
	return CX_UNSHARE;
}

static int hand_on(struct execcall *call, const struct config *config,
		   enum next_name name, void *function)
{
	int r;

	if (config->debug)
		debug_handed_on(&call->attempt);
	cx_exec_before(strategy_to_hand_on(call, config));
	r = call_next(name, function, &call->attempt);
	cx_execlock_unlock();
	return r;
}

/* CLONEXEC_DISABLE: libc's own, as if we were not here. */
static int pass(struct execcall *call)
{
	void *function = next_function(call->namesake);

	if (function)
		return call_next(call->namesake, function, &call->attempt);
	/* musl has no execveat; and then the kernel's is all there is. */
	return execcall_answer(call->searches ? -ENOSYS :
			       cx_attempt(&call->attempt));
}

static int go(struct execcall *call, const struct config *config)
{
	exec_witness *witness = config->debug ? debug_exec : NULL;
	struct cx_attempt *a = &call->attempt;
	const char *path;
	void *wrapper;

	if (config->disable)
		return pass(call);
	wrapper = next_wrapper(call->namesake);
	if (wrapper)
		return hand_on(call, config, call->namesake, wrapper);
	wrapper = call->with_env == call->namesake ? NULL :
		  next_wrapper(call->with_env);
	if (wrapper)
		return hand_on(call, config, call->with_env, wrapper);
	if (!call->searches)
		return execcall_answer(cx_exec(a, config->strategy, witness));
	path = config_variable(config_environ(), "PATH");
	return execcall_answer(cx_pathexec(
		a->file, a->argv, a->envp, path,
		execcall_is_glibc() ? &cx_search_glibc : &cx_search_musl,
		config->strategy, witness));
}

/* On the stack, as libc does it with the arguments of execl. */
static int go_disinherited(struct execcall *call, const struct config *config,
			   struct heritage room)
{
	char *array[room.entries];
	char text[room.bytes + 1];

	heritage_fill(call->attempt.envp, room, array, text);
	call->attempt.envp = array;
	/* execv and execvp would take the one that is not changed. */
	call->namesake = call->with_env;
	return go(call, config);
}

int execcall(struct execcall *call)
{
	struct config config = config_get();
	struct heritage room = { 0, 0 };

	if (config.debug && config.unknown)
		debug_unknown_strategy(config.unknown);
	/* A bad pointer is the kernel's to refuse, not ours to follow. */
	if (config.no_inherit &&
	    cx_arguments_check(NULL, call->attempt.envp) != -EFAULT)
		room = heritage_measure(call->attempt.envp);
	if (room.entries)
		return go_disinherited(call, &config, room);
	return go(call, &config);
}
