/* SPDX-License-Identifier: MIT */
#include "procstatus.h"

#include <errno.h>
#include <stddef.h>

#include "startcalls.h"
#include "sys.h"

enum { LONGEST = 15, FIELDS = 5 };

/* Arrays and not pointers, which would be relocated in every process. */
static const struct field {
	char name[LONGEST + 1];
	unsigned char base;
	unsigned char offset;
} fields[FIELDS] = {
	{ "Threads", 10, offsetof(struct cx_procstatus, threads) },
	{ "TracerPid", 10, offsetof(struct cx_procstatus, tracer) },
	{ "SigPnd", 16, offsetof(struct cx_procstatus, pending) },
	{ "Seccomp", 10, offsetof(struct cx_procstatus, seccomp) },
	{ "Seccomp_filters", 10, offsetof(struct cx_procstatus, filters) },
};

/* The file is some 1.5 KB, but its line of groups may be as long as any. */
struct scan {
	char name[LONGEST + 1]; /* what the line begins with */
	unsigned int length;
	const struct field *field; /* NULL: not one of ours */
	enum { NAME, VALUE, REST } state;
	unsigned int found;
};

static const struct field *find_field(const struct scan *s)
{
	unsigned int i, n;

	for (i = 0; i < FIELDS; i++) {
		for (n = 0; n < s->length && fields[i].name[n] == s->name[n];
		     n++)
			;
		if (n == s->length && !fields[i].name[n])
			return &fields[i];
	}
	return NULL;
}

static int digit(char c, unsigned int base)
{
	int d = -1;

	if (c >= '0' && c <= '9')
		d = c - '0';
	else if (c >= 'a' && c <= 'f')
		d = c - 'a' + 10;
	return d >= 0 && (unsigned int)d < base ? d : -1;
}

static void feed_name(struct scan *s, char c)
{
	if (c == ':') {
		s->field = find_field(s);
		s->found += s->field != NULL;
		s->state = s->field ? VALUE : REST;
	} else if (s->length < LONGEST) {
		s->name[s->length++] = c;
	} else {
		s->state = REST;
	}
}

static void feed(struct scan *s, struct cx_procstatus *status, char c)
{
	if (c == '\n') {
		s->state = NAME;
		s->length = 0;
	} else if (s->state == NAME) {
		feed_name(s, c);
	} else if (s->state == VALUE) {
		int d = digit(c, s->field->base);
		uint64_t *value =
			(uint64_t *)((char *)status + s->field->offset);

		/* A tab comes first. */
		if (d >= 0)
			*value = *value * s->field->base + (unsigned int)d;
	}
}

/* The first thread's file is the process's own, and two directories less deep:
   the kernel makes each of them when it is first looked at. */
static const char *status_path(void)
{
	return sys_gettid() == sys_getpid() ? "/proc/self/status" :
					      "/proc/thread-self/status";
}

int cx_procstatus_read(struct cx_procstatus *status)
{
	struct scan s = { .state = NAME };
	char buf[512];
	long n = 0, i;
	int fd;

	*status = (struct cx_procstatus){ 0 };
	fd = cx_startcalls_open(status_path(), 0);
	if (fd < 0)
		return fd;
	/* Until the line after the last field begins: its value is whole. */
	while ((s.found < FIELDS || s.state == VALUE) &&
	       (n = arch_syscall3(SYS_read, fd, (long)buf, sizeof buf)) > 0)
		for (i = 0; i < n; i++)
			feed(&s, status, buf[i]);
	arch_syscall3(SYS_close, fd, 0, 0);
	/* Another thread may have closed it, or a filter refuse it. */
	return n < 0 ? (int)n : 0;
}
