/* SPDX-License-Identifier: MIT */
/*
 * From the call to the new program's main.  A sample:
 *
 *	CALLER MEANS IDLE SIBLINGS MEGABYTES PIN SHIM TARGET
 *
 * starts CALLER with the words MEANS to MEGABYTES and TARGET, with SHIM
 * preloaded unless it is "-", and answers the nanoseconds, the page
 * faults, and how many creations beside it failed with EAGAIN.  CALLER may be
 * "python3 FILE" with a comma for the blank.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exec.h"
#include "serve.h"

static struct exec_page *page;
static int result_fd;

static int prepare(void)
{
	int memory = memfd_create("begin", 0), line[2];

	if (memory < 0 || ftruncate(memory, 4096) != 0 || pipe(line) != 0)
		return -1;
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
	result_fd = fcntl(line[0], F_DUPFD_CLOEXEC, 10);
	memory = fcntl(memory, F_DUPFD_CLOEXEC, 10);
	line[1] = fcntl(line[1], F_DUPFD_CLOEXEC, 10);
	if (page == MAP_FAILED || dup2(memory, EXEC_MEMORY_FD) < 0 ||
	    dup2(line[1], EXEC_RESULT_FD) < 0)
		return -1;
	return 0;
}

static int sample(char **words)
{
	char preload[4200], *args[8], *env[] = { NULL, NULL };
	char *comma = strchr(words[0], ',');
	int status, n = 0;
	struct exec_result end;
	pid_t pid;

	serve_pin(words[5][0] == '1');
	snprintf(preload, sizeof preload, "LD_PRELOAD=%s", words[6]);
	if (strcmp(words[6], "-") != 0)
		env[0] = preload;
	if (comma)
		*comma = '\0';
	args[n++] = words[0];
	if (comma)
		args[n++] = comma + 1;
	args[n++] = words[1];
	args[n++] = words[2];
	args[n++] = words[3];
	args[n++] = words[4];
	args[n++] = words[7];
	args[n] = NULL;
	atomic_store(&page->refused, 0);
	errno = posix_spawnp(&pid, args[0], NULL, NULL, args, env);
	if (errno || waitpid(pid, &status, 0) != pid || status != 0)
		return -1;
	if (read(result_fd, &end, sizeof end) != (ssize_t)sizeof end)
		return -1;
	printf("%lld %lld %d\n", (long long)(end.begin - page->begin),
	       (long long)end.faults, atomic_load(&page->refused));
	return 0;
}

int main(void)
{
	return prepare() == 0 ? serve(sample) : 1;
}
