/* SPDX-License-Identifier: MIT */
/*
 * clonexec guard run: for one program and what it starts.  Nothing is pinned,
 * so the guard ends with this process, however that ends.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "commands.h"
#include "exitstatus.h"
#include "load.h"
#include "rights.h"
#include "text.h"

enum { WHY = 512 };

static volatile sig_atomic_t child_pid;

static void pass_on(int signal)
{
	if (child_pid > 0)
		kill((pid_t)child_pid, signal);
}

/*
 * A terminal sends SIGINT and SIGQUIT to the program as well; what is sent to
 * us alone is meant for it.  Set when the program has been made: it starts with
 * the signals that we were given.
 */
static void set_signals(pid_t pid)
{
	struct sigaction action = { .sa_handler = pass_on,
				    .sa_flags = SA_RESTART };

	child_pid = pid;
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
}

/* The map's key is a descriptor of the process. */
static int put_into_scope(const struct load *l, pid_t pid)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0), error;
	unsigned int one = 1;

	if (pidfd < 0)
		return -errno;
	error = bpf_map_update_elem(load_map(l, "scope"), &pidfd, &one,
				    BPF_ANY);
	close(pidfd);
	return error;
}

static int wait_for(struct child *c)
{
	while (waitpid(c->pid, &c->status, 0) < 0)
		if (errno != EINTR)
			return EXIT_OWN_FAILURE;
	c->ended = 1;
	return child_status(c);
}

static int run_program(const struct load *l, const struct options *o)
{
	struct child c = { 0 };
	int error = child_start(&c, "guard", o->program);

	if (!error) {
		rights_keep_for_program();
		error = put_into_scope(l, c.pid);
		if (error)
			child_cancel(&c);
	}
	if (error) {
		text_error("guard: %s", strerror(-error));
		return EXIT_OWN_FAILURE;
	}
	set_signals(c.pid);
	if (child_release(&c)) {
		child_cancel(&c);
		return EXIT_OWN_FAILURE;
	}
	return wait_for(&c);
}

int run_command(const struct options *o)
{
	struct load_wanted wanted = {
		.scope = GUARD_TASKS,
		.strict = o->strict,
		.mode = o->mode,
		.bound_ms = o->bound_ms,
	};
	char why[WHY];
	struct load l;
	int status;

	if (machine_check(o->mode, &wanted.restart, why, WHY) ||
	    load_open(&l, &wanted, why, WHY)) {
		text_error("guard: %s", why);
		return EXIT_OWN_FAILURE;
	}
	status = run_program(&l, o);
	load_close(&l);
	return status;
}
