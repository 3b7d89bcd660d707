/* SPDX-License-Identifier: MIT */
#include "debugfile.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "config.h"
#include "sys.h"

enum { STANDARD_ERROR = 2 };

/* Moves *s behind the digits; the 32-bit stat(2) has no more than the lower
   half of an inode's number, so that is what counts. */
static uint32_t number(const char **s)
{
	uint64_t n = 0;

	while (**s >= '0' && **s <= '9')
		n = n * 10 + (uint64_t)(*(*s)++ - '0');
	return (uint32_t)n;
}

/* Whether descriptor 2 is what "DEV:INO" says. */
static int is_standard_error(const char *value)
{
	struct sys_file file;
	uint32_t device, inode;

	if (!value || *value < '0' || *value > '9')
		return 0;
	device = number(&value);
	if (*value++ != ':')
		return 0;
	inode = number(&value);
	return *value == '\0' &&
	       sys_stat(STANDARD_ERROR, "", &file, AT_EMPTY_PATH) == 0 &&
	       (uint32_t)file.device == device && (uint32_t)file.inode == inode;
}

/* The first is answered only for the terminal that controls this session, not
   for a modem; but also for a pseudoterminal's other end, and there so is the
   second. */
static int is_terminal(void)
{
	int n;

	return !arch_syscall3(SYS_ioctl, STANDARD_ERROR, TIOCGPGRP, (long)&n) &&
	       arch_syscall3(SYS_ioctl, STANDARD_ERROR, TIOCGPTN, (long)&n);
}

static int is_device(void)
{
	struct sys_file file;

	return sys_stat(STANDARD_ERROR, "", &file, AT_EMPTY_PATH) == 0 &&
	       S_ISCHR(file.mode);
}

/* A pipe whose reader has gone or is slow neither kills nor holds up the exec,
   and nor does a limit of the file's size or the terminal of another job. */
static void write_quietly(int fd, const char *text, size_t size)
{
	static const uint64_t at_once[2] = { 0, 0 };
	const sys_sigset all = ~(sys_sigset)0;
	sys_sigset raised = (sys_sigset)1 << (SIGPIPE - 1) |
			    (sys_sigset)1 << (SIGXFSZ - 1);
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	sys_sigset mask, before = 0, after = 0;

	if (arch_syscall6(SYS_ppoll, (long)&p, 1, (long)at_once, 0, 0, 0) !=
		    1 ||
	    !(p.revents & POLLOUT) || (p.revents & (POLLERR | POLLHUP)))
		return;
	sys_sigmask(SIG_SETMASK, &all, &mask);
	arch_syscall3(SYS_rt_sigpending, (long)&before, sizeof before, 0);
	arch_syscall3(SYS_write, fd, (long)text, (long)size);
	arch_syscall3(SYS_rt_sigpending, (long)&after, sizeof after, 0);
	raised &= after & ~before;
	if (raised)
		arch_syscall6(SYS_rt_sigtimedwait, (long)&raised, 0,
			      (long)at_once, sizeof raised, 0, 0);
	sys_sigmask(SIG_SETMASK, &mask, NULL);
}

static int open_quietly(const char *path, int flags)
{
	return (int)arch_syscall6(SYS_openat, AT_FDCWD, (long)path,
				  O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK |
					  flags,
				  0600, 0, 0);
}

static void write_and_close(int fd, const char *text, size_t size)
{
	if (fd < 0)
		return;
	write_quietly(fd, text, size);
	arch_syscall3(SYS_close, fd, 0, 0);
}

/*
 * A terminal may have room for a part of the line, and nobody that reads: then
 * write(2) waits, for ever perhaps.  O_NONBLOCK would be everybody's, so the
 * terminal is opened once more; by the name that leads there also after su(1)
 * only if it is that of this session.
 */
static void write_to_terminal(const char *text, size_t size)
{
	int fd = open_quietly("/proc/self/fd/2", 0);

	if (fd < 0 && is_terminal())
		fd = open_quietly("/dev/tty", 0);
	write_and_close(fd, text, size);
}

void debugfile_write(const char *text, size_t size)
{
	const char *to = config_debug();

	if (!to)
		return;
	if (to[0] == '/')
		write_and_close(open_quietly(to, O_APPEND | O_CREAT), text,
				size);
	else if (is_terminal() || (is_standard_error(to) && is_device()))
		write_to_terminal(text, size);
	else if (is_standard_error(to) ||
		 is_standard_error(config_users("JOURNAL_STREAM")))
		write_quietly(STANDARD_ERROR, text, size);
}
