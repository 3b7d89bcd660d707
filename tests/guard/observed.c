/* SPDX-License-Identifier: MIT */
/* Those who look at every system call, while the guard begins execs again. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harm-race.h"
#include "sys.h"
#include "tap.h"

enum { RESTARTED = -513 /* ERESTARTNOINTR */, SYSCALL_STOP = SIGTRAP | 0x80 };

/* Between the observer and the process that execs. */
static struct shared {
	atomic_int pid, is_traced;
	atomic_int restarts; /* that were seen */
} * shared;

static void share(void)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	check(shared != MAP_FAILED, "no memory");
}

/* ---- A tracer --------------------------------------------------------- */

static int is_restart(pid_t pid)
{
	struct __ptrace_syscall_info info;

	return ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) > 0 &&
	       info.op == PTRACE_SYSCALL_INFO_EXIT &&
	       info.exit.rval == RESTARTED;
}

/* As strace does it, of one thread. */
_Noreturn static void trace(void)
{
	int status, signal, i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (i = 0; i < HARM_RUNS; i++) {
		pid_t pid;

		while (!(pid = atomic_load(&shared->pid)))
			usleep(1000);
		atomic_store(&shared->pid, 0);
		if (ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACESYSGOOD) ||
		    ptrace(PTRACE_INTERRUPT, pid, 0, 0))
			_exit(1);
		atomic_store(&shared->is_traced, 1);
		while (waitpid(pid, &status, __WALL) == pid &&
		       WIFSTOPPED(status)) {
			signal = WSTOPSIG(status);
			if (signal == SYSCALL_STOP && is_restart(pid))
				atomic_fetch_add(&shared->restarts, 1);
			if (signal == SYSCALL_STOP || status >> 16)
				signal = 0;
			ptrace(PTRACE_SYSCALL, pid, 0, signal);
		}
	}
	_exit(0);
}

static int traced(const char *path, char *const argv[], char *const envp[],
		  void *arg)
{
	atomic_store(&shared->is_traced, 0);
	atomic_store(&shared->pid, getpid());
	while (!atomic_load(&shared->is_traced))
		usleep(1000);
	return harm_exec(path, argv, envp, arg);
}

static void case_traced(void)
{
	pid_t tracer;

	share();
	tracer = fork();
	check(tracer >= 0, "no process");
	if (tracer == 0)
		trace();
	harm_must_keep(traced);
	check(atomic_load(&shared->restarts) >= HARM_RUNS, "%d restarts seen",
	      atomic_load(&shared->restarts));
	tap_note("a tracer sees %d times ERESTARTNOINTR in %d execs",
		 atomic_load(&shared->restarts), HARM_RUNS);
}

/* (It holds an end of the race's pipe.) */
_Noreturn static void trace_without_rights(pid_t pid)
{
	int status;

	close(STDOUT_FILENO);
	atomic_store(&shared->is_traced,
		     ptrace(PTRACE_SEIZE, pid, 0, 0) ? -errno : 1);
	while (waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status))
		ptrace(PTRACE_CONT, pid, 0,
		       status >> 16 ? 0 : WSTOPSIG(status));
	_exit(0);
}

/* Its tracer alone costs it the privileges: so it is not begun again, and loses
   at once. */
static int traced_by_nobody(const char *path, char *const argv[],
			    char *const envp[], void *arg)
{
	pid_t self = getpid();

	atomic_store(&shared->is_traced, 0);
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	if (fork() == 0)
		trace_without_rights(self);
	while (!atomic_load(&shared->is_traced))
		usleep(1000);
	return harm_exec(path, argv, envp, arg);
}

static void case_traced_by_nobody(void)
{
	struct race race = harm_race(traced_by_nobody, 0);
	struct race_result r;

	share();
	race_run(&race, &r);
	check(atomic_load(&shared->is_traced) == 1, "not traced: errno %d",
	      -atomic_load(&shared->is_traced));
	check(r.verdict == TARGET_LOST && r.microseconds < 5000000,
	      "%s, errno %d, after %ld us", target_verdict_name(r.verdict),
	      -r.error, r.microseconds);
}

/* ---- A supervisor of system calls ------------------------------------- */

static int listen_to_execs(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { sizeof(filter) / sizeof(filter[0]),
					    filter };

	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			    SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

_Noreturn static void supervise(int listener)
{
	struct seccomp_notif notice;
	struct seccomp_notif_resp answer;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		memset(&notice, 0, sizeof(notice));
		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &notice)) {
			if (errno != ENOENT && errno != EINTR)
				_exit(1);
			continue;
		}
		atomic_fetch_add(&shared->restarts, 1);
		memset(&answer, 0, sizeof(answer));
		answer.id = notice.id;
		answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	}
}

static void case_supervised(void)
{
	int listener, asked;
	pid_t supervisor;

	share();
	tap_need_root();
	listener = listen_to_execs();
	check(listener >= 0, "no listener: errno %d", errno);
	supervisor = fork();
	check(supervisor >= 0, "no process");
	if (supervisor == 0)
		supervise(listener);
	harm_must_keep(harm_exec);
	kill(supervisor, SIGKILL);
	waitpid(supervisor, NULL, 0);
	asked = atomic_load(&shared->restarts);
	tap_note("a supervisor is asked %d times for %d execs", asked,
		 HARM_RUNS);
	check(asked > HARM_RUNS, "asked %d times", asked);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "kept under root's tracer, which sees each try", case_traced,
		  60 },
		{ "another's tracer: lost at once, not begun again",
		  case_traced_by_nobody, 0 },
		{ "kept under a seccomp supervisor, which is asked for each",
		  case_supervised, 60 },
	};

	return tap_main(cases);
}
