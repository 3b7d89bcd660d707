/* SPDX-License-Identifier: MIT */
/*
 * Raw system calls would hide the exec from another preload after ours that
 * wraps exec too (a build recorder, an audit log).  So where there is one,
 * what would be the system call is its function, under the same protection;
 * only the helper thread is not available then.
 */
#include "execcall.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>

#include "arguments.h"
#include "config.h"
#include "debug.h"
#include "execlibc.h"
#include "childenv.h"
#include "pathexec.h"
#include "process.h"
#include "sys.h"

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

int execcall_error(void)
{
	return __errno_location ? *__errno_location() : 0;
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
		int (*at)(int, const char *, char *const *, char *const *, int);
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

/*
 * Nothing is foreseen here: the other one may execute something else than its
 * arguments say (fakechroot, libredirect and their like rewrite paths).
 */
static enum cx_strategy strategy_to_hand_on(enum cx_strategy asked)
{
	return asked == CX_AUTO || asked == CX_UNSHARE ? CX_UNSHARE : CX_LOCK;
}

static int hand_on(struct execcall *call, const struct config *config,
		   enum next_name name, void *function)
{
	int r;

	if (config->debug)
		debug_handed_on(&call->attempt);
	cx_exec_before(strategy_to_hand_on(config->strategy));
	r = call_next(name, function, &call->attempt);
	cx_exec_after();
	return r;
}

static void *find_wrapper(const struct execcall *call, enum next_name name)
{
	return call->past_preloads ? NULL : next_wrapper(name);
}

/* CLONEXEC_DISABLE: libc's own, as if we were not here. */
static int pass(struct execcall *call)
{
	void *function = call->past_preloads ? next_in_libc(call->namesake) :
					       next_function(call->namesake);

	if (function)
		return call_next(call->namesake, function, &call->attempt);
	/* musl has no execveat; and then the kernel's is all there is. */
	return execcall_answer(call->searches ? -ENOSYS :
						cx_attempt(&call->attempt));
}

static int go(struct execcall *call, const struct config *config)
{
	struct cx_attempt *a = &call->attempt;
	void *wrapper;

	if (config->disable)
		return pass(call);
	wrapper = find_wrapper(call, call->namesake);
	if (wrapper)
		return hand_on(call, config, call->namesake, wrapper);
	wrapper = call->with_env == call->namesake ?
			  NULL :
			  find_wrapper(call, call->with_env);
	if (wrapper)
		return hand_on(call, config, call->with_env, wrapper);
	a->strategy = config->strategy;
	a->log = config->debug ? debug_exec : NULL;
	if (!call->searches)
		return execcall_answer(cx_exec(a));
	return execcall_answer(cx_pathexec(
		a, config_variable(config_environ(), "PATH"),
		execcall_is_glibc() ? &cx_search_glibc : &cx_search_musl));
}

static int go_with(struct execcall *call, const struct config *config,
		   struct childenv room, void *memory)
{
	char **array = memory;

	childenv_fill(call->attempt.envp, room, array,
		      (char *)(array + room.entries));
	call->attempt.envp = array;
	/* execv and execvp would take the one that is not changed. */
	call->namesake = call->with_env;
	return go(call, config);
}

static int go_on_stack(struct execcall *call, const struct config *config,
		       struct childenv room)
{
	char *memory[childenv_size(room) / sizeof(char *) + 1];

	return go_with(call, config, room, memory);
}

static int go_on_map(struct execcall *call, const struct config *config,
		     struct childenv room)
{
	size_t size = childenv_size(room);
	void *map = sys_mmap(size, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS);
	int r;

	if (sys_mmap_failed(map))
		return execcall_answer(-ENOMEM);
	r = go_with(call, config, room, map);
	sys_munmap(map, size);
	return r;
}

/*
 * What the environment without us takes, which may be much: some container
 * platforms make seven variables of each service.  libc's exec functions take
 * nothing for it, so programs exec on stacks that have no room for it, and it
 * is mapped.  But what a child of vfork maps is its parent's, and stays: so
 * one that may be such a child takes the stack, if it is an ordinary one.
 */
static int has_room_on_stack(size_t size)
{
	enum { ALWAYS = 1024, NEVER = 64 * 1024 };
	stack_t current = { .ss_flags = SS_ONSTACK };

	if (size <= ALWAYS)
		return 1;
	if (size > NEVER || cx_process_look().threads != PROCESS_ALONE ||
	    !cx_process_is_maybe_vfork())
		return 0;
	return arch_syscall3(SYS_sigaltstack, 0, (long)&current, 0) == 0 &&
	       !(current.ss_flags & SS_ONSTACK);
}

/*
 * A bad pointer is the kernel's to refuse, not ours to follow.  The process's
 * own environment is none, and so a process that has no other asks nobody.
 */
static struct childenv what_to_leave(const struct execcall *call)
{
	struct childenv nothing = { 0, 0 };

	if (call->attempt.envp != config_environ() &&
	    cx_arguments_check(NULL, call->attempt.envp) == -EFAULT)
		return nothing;
	return childenv_measure(call->attempt.envp);
}

static int with_config(struct execcall *call)
{
	struct config config = config_get();
	struct childenv room = { 0, 0 };

	if (config.debug && config.unknown)
		debug_unknown_strategy(config.unknown);
	if (config.no_inherit)
		room = what_to_leave(call);
	if (!room.entries)
		return go(call, &config);
	return has_room_on_stack(childenv_size(room)) ?
		       go_on_stack(call, &config, room) :
		       go_on_map(call, &config, room);
}

int execcall(struct execcall *call)
{
	int r = with_config(call);

	if (r < 0 && call->past_preloads)
		execlibc_set_errno(execcall_error());
	return r;
}
