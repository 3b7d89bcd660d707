/* SPDX-License-Identifier: MIT */
#include "procstatus.h"

#include <errno.h>
#include <fcntl.h>

#include "sys.h"

/* The file is some 1.5 KB, but its line of groups may be as long as any. */
struct scan {
	const char *key;
	unsigned int base;
	uint64_t value;
	unsigned int matched;	/* characters of the key, this line */
	enum { LINE_START, KEY, OTHER, VALUE, DONE } state;
};

static int digit(char c, unsigned int base)
{
	int d = -1;

	if (c >= '0' && c <= '9')
		d = c - '0';
	else if (c >= 'a' && c <= 'f')
		d = c - 'a' + 10;
	return d >= 0 && (unsigned int)d < base ? d : -1;
}

static void feed(struct scan *s, char c)
{
	if (s->state == VALUE) {
		int d = digit(c, s->base);

		if (d < 0)
			s->state = DONE;
		else
			s->value = s->value * s->base + (unsigned int)d;
		return;
	}
	if (s->state == LINE_START) {
		s->matched = 0;
		s->state = KEY;
	}
	if (s->state == KEY) {
		if (c != s->key[s->matched])
			s->state = OTHER;
		else if (s->key[++s->matched] == '\0')
			s->state = VALUE;
	}
	if (c == '\n')
		s->state = LINE_START;
}

/* The first thread's file is the process's own, and two directories less deep:
   the kernel makes each of them when it is first looked at. */
static const char *status_path(void)
{
	return sys_gettid() == sys_getpid() ? "/proc/self/status"
					    : "/proc/thread-self/status";
}

int cx_procstatus_read(const char *key, unsigned int base, uint64_t *value)
{
	struct scan s = { .key = key, .base = base, .state = LINE_START };
	char buf[512];
	long n, i;
	int fd;

	fd = (int)arch_syscall6(SYS_openat, AT_FDCWD, (long)status_path(),
				O_RDONLY | O_CLOEXEC, 0, 0, 0);
	if (fd < 0)
		return fd;
	while (s.state != DONE &&
	       (n = arch_syscall3(SYS_read, fd, (long)buf, sizeof buf)) > 0)
		for (i = 0; i < n && s.state != DONE; i++)
			feed(&s, buf[i]);
	arch_syscall3(SYS_close, fd, 0, 0);
	*value = s.value;
	return s.state == DONE ? 0 : -ENOENT;
}
