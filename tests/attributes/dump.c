/* SPDX-License-Identifier: MIT */
#include "dump.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "before.h"

void put(const char *key, const char *format, ...)
{
	va_list ap;

	printf("%s=", key);
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	putchar('\n');
}

void put_kept(const char *key, long long is, long long was)
{
	put(key, "%s", is == was ? "kept" : "changed");
}

void put_link(const char *key, const char *path)
{
	char text[4096];
	ssize_t n = readlink(path, text, sizeof text - 1);

	text[n > 0 ? n : 0] = '\0';
	if (strchr(text, '[') && text[0] != '/')
		*strchr(text, '[') = '\0';
	if (strstr(text, " (deleted)"))
		strcpy(text, "deleted"); /* it had a name by chance */
	put(key, "%s", n < 0 ? strerror(errno) : text);
}

void put_file(const char *key, const char *path)
{
	char text[8192];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t i, n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);

	if (n < 0) {
		put(key, "%s", strerror(errno));
	} else {
		for (i = 0; i < n; i++)
			if (text[i] == '\n' || text[i] == '\0')
				text[i] = ' ';
		text[n] = '\0';
		put(key, "%s", text);
	}
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv, char **envp)
{
	struct before b = { 0 };
	const char *text = getenv(BEFORE_NAME);

	if (text)
		sscanf(text, BEFORE_FORMAT, &b.pid, &b.ppid, &b.pgid, &b.sid,
		       &b.start_time, &b.namespaces, &b.child);
	put("argc", "%d", argc);
	dump_status();
	dump_stat(&b);
	dump_proc_files();
	dump_namespaces(&b);
	dump_limits();
	dump_schedule();
	dump_prctls();
	dump_credentials();
	dump_keyrings();
	dump_ids(&b);
	dump_children(&b);
	dump_semaphores();
	dump_signals();
	dump_files();
	dump_start(argv, envp);
	dump_default_slack();
	return fflush(stdout) != 0;
}
