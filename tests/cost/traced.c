/* SPDX-License-Identifier: MIT */
#include "traced.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

enum {
	STEPS_MAX = 1000000,	/* far more than any region takes */
	STOPS_MAX = 100000,
	STATUS_HEAD = 512,	/* TracerPid is in the first lines */
};

void traced_nothing(void)
{
}

/* The marker: nobody else calls it here. */
static void mark(void)
{
	syscall(SYS_getppid);
}

static pid_t start(void (*prepare)(void), void (*region)(void), long options)
{
	pid_t pid = fork();
	int status;

	check(pid >= 0, "fork");
	if (pid == 0) {
		if (prepare)
			prepare();
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		mark();
		region();
		mark();
		_exit(0);
	}
	check(waitpid(pid, &status, 0) == pid && WIFSTOPPED(status) &&
		      WSTOPSIG(status) == SIGSTOP,
	      "the child did not start: %#x", status);
	check(ptrace(PTRACE_SETOPTIONS, pid, NULL,
		     PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | options) == 0,
	      "PTRACE_SETOPTIONS: %s", strerror(errno));
	return pid;
}

static void finish(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	while (waitpid(-1, &status, __WALL) > 0)
		;
}

/* ---- Instructions ------------------------------------------------------- */

#ifdef __x86_64__
/* The next stop of a system call: its number at the entry, -1 at the exit. */
static long to_next_call(pid_t pid)
{
	struct __ptrace_syscall_info info;
	int status;

	check(ptrace(PTRACE_SYSCALL, pid, NULL, NULL) == 0 &&
		      waitpid(pid, &status, 0) == pid && WIFSTOPPED(status),
	      "the child is gone: %#x", status);
	check(ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) > 0,
	      "PTRACE_GET_SYSCALL_INFO: %s", strerror(errno));
	return info.op == PTRACE_SYSCALL_INFO_ENTRY ? (long)info.entry.nr : -1;
}

static uint64_t word_at(pid_t pid, unsigned long address)
{
	return (uint64_t)ptrace(PTRACE_PEEKTEXT, pid, address, NULL);
}

/* f0 is the prefix; an xchg with memory (86, 87) locks without it. */
static int is_locked(uint64_t code)
{
	const unsigned char *c = (const unsigned char *)&code;
	int i = 0;

	while (i < 4 && (c[i] == 0x66 || c[i] == 0x64 || c[i] == 0xf2 ||
			 c[i] == 0xf3 || (c[i] & 0xf0) == 0x40))
		i++;
	if (c[i] == 0xf0)
		return 1;
	return (c[i] == 0x86 || c[i] == 0x87) && (c[i + 1] & 0xc0) != 0xc0;
}

/* The system call instruction, about to be executed as the marker. */
static int is_mark(uint64_t code, const struct user_regs_struct *r)
{
	return (code & 0xffff) == 0x050f && r->rax == SYS_getppid;
}

void traced_steps(void (*prepare)(void), void (*region)(void),
		  struct traced *t)
{
	pid_t pid = start(prepare, region, 0);
	struct user_regs_struct r;
	uint64_t code;
	int status;
	long i;

	while (to_next_call(pid) != SYS_getppid)
		;
	to_next_call(pid);
	memset(t, 0, sizeof *t);
	for (i = 0; i < STEPS_MAX; i++) {
		check(ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) == 0 &&
			      waitpid(pid, &status, 0) == pid &&
			      WIFSTOPPED(status) &&
			      ptrace(PTRACE_GETREGS, pid, NULL, &r) == 0,
		      "a step failed: %#x", status);
		code = word_at(pid, r.rip);
		if (is_mark(code, &r))
			break;
		t->instructions++;
		t->locked += is_locked(code);
	}
	finish(pid);
	check(i < STEPS_MAX, "the region does not end");
}
#else
void traced_steps(void (*prepare)(void), void (*region)(void),
		  struct traced *t)
{
	tap_absent("instructions are counted on x86-64 only: elsewhere a "
		   "step breaks the atomic operations");
}
#endif

/* ---- System calls ------------------------------------------------------- */

/* Overwrites the number behind "TracerPid:\t" in what was read. */
static void hide(pid_t pid, unsigned long buffer, long size)
{
	char copy[STATUS_HEAD], *p, *from;
	struct iovec here, there;

	if (size <= 0)
		return;
	if (size > STATUS_HEAD)
		size = STATUS_HEAD;
	here = (struct iovec){ copy, (size_t)size };
	there = (struct iovec){ (void *)buffer, (size_t)size };
	if (process_vm_readv(pid, &here, 1, &there, 1, 0) != size)
		return;
	from = memmem(copy, (size_t)size, "TracerPid:\t", 11);
	if (!from)
		return;
	for (p = from + 11; p < copy + size && *p != '\n'; p++)
		*p = '0';
	process_vm_writev(pid, &here, 1, &there, 1, 0);
}

/* What one thread is in the middle of. */
struct thread {
	pid_t tid;
	unsigned long buffer;	/* of a read, until it returns */
};

static struct thread *thread_of(struct thread *threads, int max, pid_t tid)
{
	int i;

	for (i = 0; i < max - 1 && threads[i].tid && threads[i].tid != tid;
	     i++)
		;
	threads[i].tid = tid;
	return &threads[i];
}

/* Returns 0 when the region is over. */
static int count_call(struct traced *t, struct thread *thread, int *on)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, thread->tid, sizeof info, &info) <=
	    0)
		return 1;
	if (info.op == PTRACE_SYSCALL_INFO_EXIT && thread->buffer) {
		hide(thread->tid, thread->buffer, (long)info.exit.rval);
		thread->buffer = 0;
	}
	if (info.op != PTRACE_SYSCALL_INFO_ENTRY)
		return 1;
	if (info.entry.nr == SYS_getppid)
		return (*on)++ == 0;
	if (info.entry.nr == SYS_read)
		thread->buffer = info.entry.args[1];
	if (*on && t->count < TRACED_CALLS_MAX)
		t->nr[t->count++] = (int)info.entry.nr;
	return 1;
}

void traced_calls(void (*prepare)(void), void (*region)(void),
		  struct traced *t)
{
	pid_t pid = start(prepare, region,
			  PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC);
	struct thread threads[16] = { { 0 } };
	int status = 0, on = 0, i, sig;
	pid_t tid = pid;

	memset(t, 0, sizeof *t);
	for (i = 0; i < STOPS_MAX; i++) {
		sig = 0;
		if (WIFSTOPPED(status) && i > 0) {
			if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8)) {
				t->reached_exec = 1;
				break;
			}
			if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
				if (!count_call(t, thread_of(threads, 16, tid),
						&on))
					break;
			} else if (status >> 16 == 0 &&
				   WSTOPSIG(status) != SIGSTOP) {
				sig = WSTOPSIG(status);
			}
		}
		ptrace(PTRACE_SYSCALL, tid, NULL, sig);
		tid = waitpid(-1, &status, __WALL);
		check(tid > 0, "the child is gone after %d calls", t->count);
	}
	finish(pid);
	check(i < STOPS_MAX, "the region does not end");
	check(t->count < TRACED_CALLS_MAX, "more calls than can be kept");
}
