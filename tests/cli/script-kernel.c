/* SPDX-License-Identifier: MIT */
/*
 * Does script_parse() read a #! line as this kernel does?  Random first
 * lines, each started for real; the interpreter is this program again.
 */
#include "script.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 3000, ANSWER_MAX = 1024 };

static unsigned int seed = 1;

static unsigned int any(unsigned int below)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 16) % below;
}

/* Pieces that meet in the corners: NUL, blanks, long runs, no newline. */
static size_t make_line(unsigned char *line, size_t max)
{
	size_t len = 2, n = any(8), piece;

	memcpy(line, "#!", 2);
	while (n-- && len < max - 300) {
		switch (any(9)) {
		case 0:
			line[len++] = '\0';
			break;
		case 1:
			line[len++] = '\n';
			break;
		case 2:
			piece = any(260);
			memset(line + len, any(2) ? ' ' : 'a', piece);
			len += piece;
			break;
		case 3:
			line[len++] = '\t';
			break;
		case 4:
			line[len++] = 'a' + any(3);
			break;
		case 5:
			line[len++] = ' ';
			break;
		default:
			memcpy(line + len, "/proc/self/exe", 14);
			len += 14;
		}
	}
	return len;
}

/* What the kernel makes of it: "errno", or the arguments, each with a NUL. */
static size_t ask_kernel(const char *path, char *answer)
{
	size_t len = 0;
	int pipe_fd[2];
	ssize_t n;
	pid_t pid;

	if (pipe(pipe_fd) != 0)
		abort();
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		char *args[] = { "zero", NULL };
		char *env[] = { "SCRIPT_ECHO=1", NULL };

		dup2(pipe_fd[1], 1);
		execve(path, args, env);
		dprintf(1, "E%d", errno);
		_exit(0);
	}
	close(pipe_fd[1]);
	while (len < ANSWER_MAX &&
	       (n = read(pipe_fd[0], answer + len, ANSWER_MAX - len)) > 0)
		len += n;
	close(pipe_fd[0]);
	waitpid(pid, NULL, 0);
	return len;
}

/* What ours says, in the same form. */
static size_t ask_parser(const unsigned char *line, size_t len,
			 const char *path, char *answer)
{
	struct script s;
	size_t n;

	if (script_parse(line, len, &s) != 0)
		return sprintf(answer, "E%d", ENOEXEC);
	if (!*s.interp)
		return sprintf(answer, "E%d", EACCES); /* the directory "." */
	if (strcmp(s.interp, "/proc/self/exe"))
		return 0;	/* some error, according to the name */
	n = sprintf(answer, "%s", s.interp) + 1;
	if (s.has_arg)
		n += sprintf(answer + n, "%s", s.arg) + 1;
	return n + sprintf(answer + n, "%s", path) + 1;
}

static int agree(const char *path)
{
	char kernel[ANSWER_MAX], parser[ANSWER_MAX];
	unsigned char line[2048];
	size_t len = make_line(line, sizeof(line)), nk, np;
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);

	if (fd < 0 || write(fd, line, len) != (ssize_t)len || close(fd))
		abort();
	nk = ask_kernel(path, kernel);
	np = ask_parser(line, len, path, parser);
	if (np == 0)
		return nk > 1 && kernel[0] == 'E' &&
		       strncmp(kernel, "E8", 2);
	return nk == np && !memcmp(kernel, parser, nk);
}

int main(int argc, char **argv)
{
	char path[] = "/tmp/cx-script-XXXXXX";
	int i, bad = 0;

	if (getenv("SCRIPT_ECHO")) {
		for (i = 0; i < argc; i++)
			if (write(1, argv[i], strlen(argv[i]) + 1) < 0)
				return 1;
		return 0;
	}
	i = mkstemp(path);
	if (i < 0 || fchmod(i, 0755) != 0)
		return 1;
	close(i);
	for (i = 0; i < ROUNDS; i++)
		if (!agree(path)) {
			bad++;
			printf("# round %d differs\n", i);
		}
	unlink(path);
	printf("1..1\n%s 1 - %d lines read as the kernel reads them\n",
	       bad ? "not ok" : "ok", ROUNDS);
	return bad != 0;
}
