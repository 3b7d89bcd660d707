/* SPDX-License-Identifier: MIT */
#include "kernellog.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A program's segmentation fault is not among them: that is its parent's to
   see, and other programs' are none of ours. */
static const char *const warnings[] = {
	"WARNING:", "BUG:", "Oops", "general protection fault",
	"lockup", "blocked for more than", "self-detected stall",
	"detected stalls", "refcount_t", "KASAN", "UBSAN", "lockdep",
	"Kernel panic", "use-after-free",
};

int kernellog_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return fd;
}

static int is_warning(const char *text)
{
	unsigned int i;

	for (i = 0; i < sizeof warnings / sizeof *warnings; i++)
		if (strstr(text, warnings[i]))
			return 1;
	return 0;
}

/* One record a read: "priority,number,time,flag;text\n". */
int kernellog_scan(int fd, int *lines)
{
	char record[8192], *text;
	int found = 0;
	ssize_t n;

	*lines = 0;
	for (;;) {
		n = read(fd, record, sizeof record - 1);
		if (n < 0 && errno == EPIPE) {
			puts("kernel log: it ran over; some lines are lost");
			continue;
		}
		if (n <= 0)
			return found;
		record[n] = '\0';
		text = strchr(record, ';');
		text = text ? text + 1 : record;
		text[strcspn(text, "\n")] = '\0';
		++*lines;
		if (is_warning(text)) {
			printf("kernel log: %s\n", text);
			found++;
		}
	}
}
