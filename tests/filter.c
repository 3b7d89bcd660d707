/* SPDX-License-Identifier: MIT */
#include "filter.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sys.h"
#include "tap.h"

#define LOAD(field)                      \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, \
		 (unsigned int)offsetof(struct seccomp_data, field))
/* The lower half of it. */
#define LOAD_ARGUMENT(n)                 \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, \
		 (unsigned int)filter_argument(n))
#define ANSWER(value) BPF_STMT(BPF_RET | BPF_K, value)
#define UNLESS_CALL(nr, skip) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned int)(nr), 0, skip)

/* CLONE_NEWNS ... CLONE_NEWNET: moby's profiles/seccomp/default.json */
enum { DOCKER_CLONE_MASK = 0x7e020000 };

size_t filter_argument(int n)
{
	const int is_big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

	return offsetof(struct seccomp_data, args) + 8 * (size_t)n +
	       (is_big ? 4 : 0);
}

static void install(struct sock_filter *code, unsigned short size)
{
	struct sock_fprog program = { size, code };

	tap_need_root();
	check(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0,
	      "no filter: %s", strerror(errno));
}

static void container(unsigned int unshare_answer)
{
	struct sock_filter code[] = {
		LOAD(nr),
		UNLESS_CALL(SYS_unshare, 1),
		ANSWER(unshare_answer),
		UNLESS_CALL(SYS_clone3, 1),
		ANSWER(SECCOMP_RET_ERRNO | ENOSYS),
		UNLESS_CALL(SYS_clone, 3),
		LOAD_ARGUMENT(SYS_CLONE_FLAGS),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, DOCKER_CLONE_MASK, 0, 1),
		ANSWER(SECCOMP_RET_ERRNO | EPERM),
		ANSWER(SECCOMP_RET_ALLOW),
	};

	install(code, sizeof code / sizeof *code);
}

void filter_like_docker(void)
{
	container(SECCOMP_RET_ERRNO | EPERM);
}

void filter_that_kills(void)
{
	container(SECCOMP_RET_KILL_PROCESS);
}

static void answer(long nr, unsigned int value)
{
	struct sock_filter code[] = {
		LOAD(nr),
		UNLESS_CALL(nr, 1),
		ANSWER(value),
		ANSWER(SECCOMP_RET_ALLOW),
	};

	install(code, sizeof code / sizeof *code);
}

void filter_kill(long nr)
{
	answer(nr, SECCOMP_RET_KILL_PROCESS);
}

void filter_refuse(long nr, int error)
{
	answer(nr, SECCOMP_RET_ERRNO | (unsigned int)error);
}

/* Where a jump of this kind is taken; the lower half of an argument tells one
   pointer from another. */
static void answer_where(long nr, int argument, unsigned short jump,
			 unsigned int value, unsigned int answer)
{
	struct sock_filter code[] = {
		LOAD(nr),
		UNLESS_CALL(nr, 3),
		LOAD_ARGUMENT(argument),
		BPF_JUMP(BPF_JMP | jump | BPF_K, value, 0, 1),
		ANSWER(answer),
		ANSWER(SECCOMP_RET_ALLOW),
	};

	install(code, sizeof code / sizeof *code);
}

void filter_trap_if(long nr, int argument, unsigned long value)
{
	answer_where(nr, argument, BPF_JEQ, (unsigned int)value,
		     SECCOMP_RET_TRAP);
}

void filter_refuse_flag(long nr, int arg, unsigned int bits, int error)
{
	answer_where(nr, arg, BPF_JSET, bits,
		     SECCOMP_RET_ERRNO | (unsigned int)error);
}

void filter_refuse_if(long nr, int argument, unsigned long value, int error)
{
	answer_where(nr, argument, BPF_JEQ, (unsigned int)value,
		     SECCOMP_RET_ERRNO | (unsigned int)error);
}

static int install_listener(struct sock_filter *code, unsigned short size)
{
	struct sock_fprog program = { size, code };
	int fd;

	tap_need_root();
	fd = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			  SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
	if (fd < 0)
		tap_skip("no filter that asks: %s", strerror(errno));
	return fd;
}

int filter_stop(long nr)
{
	struct sock_filter code[] = {
		LOAD(nr),
		UNLESS_CALL(nr, 1),
		ANSWER(SECCOMP_RET_USER_NOTIF),
		ANSWER(SECCOMP_RET_ALLOW),
	};

	return install_listener(code, sizeof code / sizeof *code);
}

int filter_stop_helper(void)
{
	struct sock_filter code[] = {
		LOAD(nr),
		UNLESS_CALL(SYS_clone, 3),
		LOAD_ARGUMENT(SYS_CLONE_FLAGS),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_IO, 0, 1),
		ANSWER(SECCOMP_RET_USER_NOTIF),
		ANSWER(SECCOMP_RET_ALLOW),
	};

	return install_listener(code, sizeof code / sizeof *code);
}

pid_t filter_wait_pid(int fd, unsigned long long *id)
{
	struct seccomp_notif n;

	do
		memset(&n, 0, sizeof n);
	while (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &n) && errno == EINTR);
	*id = n.id;
	return (pid_t)n.pid;
}

unsigned long long filter_wait(int fd)
{
	unsigned long long id;

	filter_wait_pid(fd, &id);
	return id;
}

void filter_continue_any(int fd, int milliseconds)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	/* Nothing more is to come once the last process has ended. */
	if (poll(&p, 1, milliseconds) == 1 && !(p.revents & POLLIN))
		usleep((useconds_t)milliseconds * 1000);
	else if (p.revents & POLLIN)
		filter_continue(fd, filter_wait(fd));
}

void filter_continue(int fd, unsigned long long id)
{
	struct seccomp_notif_resp answer = {
		.id = id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE,
	};

	ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &answer);
}
