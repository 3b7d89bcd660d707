/* SPDX-License-Identifier: MIT */
#include "start.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "named.h"
#include "program.h"
#include "tap.h"

static const char *place; /* the cases are about paths */
static struct targets targets;
static const struct target_caller caller = { 1000, 1000 };

void start_need_programs(void)
{
	const char *program = getenv("PROGRAM");
	struct stat st;
	void *image;
	int fd, r;

	tap_need_root();
	check(program != NULL, "PROGRAM is not set");
	place = named_place();
	if (!place)
		tap_skip("nothing can be mounted here: %s", strerror(errno));
	fd = open(program, O_RDONLY | O_CLOEXEC);
	check(fd >= 0 && !fstat(fd, &st), "%s: %s", program, strerror(errno));
	image = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	check(image != MAP_FAILED, "mmap: %s", strerror(errno));
	r = targets_make_of(&targets, &caller, image, (size_t)st.st_size);
	check(r == 0, "no place for the programs: %s", strerror(-r));
	r = named_targets(&targets, place);
	check(r == 0, "no names for the programs: %s", strerror(-r));
}

const char *start_path(enum target_kind kind)
{
	return targets.path[kind];
}

const char *start_dir(void)
{
	return place;
}

/* A race_exec.  All that it sets up here, the program tells. */
static int start_program(const char *path, char *const unused[],
			 char *const none[], void *arg)
{
	const struct start *s = arg;
	char word[] = "two_words", value[] = "REGAIN=kept";
	char *envp[] = { value, NULL };
	char *argv[] = { (char *)(uintptr_t)path,
			 (char *)(uintptr_t)s->mode, word, NULL };
	int fd = memfd_create("starts", 0);
	sigset_t some;

	if (fd < 0 || dup2(fd, PROGRAM_STARTS) < 0 || close(fd))
		return -1;
	sigemptyset(&some);
	sigaddset(&some, SIGUSR2);
	sigprocmask(SIG_BLOCK, &some, NULL);
	umask(027);
	return s->exec ? s->exec(path, argv, envp) : execve(path, argv, envp);
}

void start_run(const struct start *s, struct said *said)
{
	struct race race = {
		.kind = s->kind,
		.path = targets.path[s->kind],
		.caller = s->stay_root ? NULL : &caller,
		.creators = s->creators,
		.exec = start_program,
		.arg = (void *)(uintptr_t)s,
		.limit_ms = 8000,
	};
	const char *p;
	int r;

	check(!targets.error[s->kind], "no %s program: %s",
	      target_name(s->kind), strerror(-targets.error[s->kind]));
	memset(said, 0, sizeof(*said));
	r = race_run(&race, &said->r);
	if (r < 0 && said->r.stage != RACE_STAGE_EXEC)
		tap_skip("cannot freeze the race: %s", race_why(&said->r, r));
	p = strstr(said->r.line, " = ");
	said->rest = strstr(said->r.line, " | ");
	check(p && said->rest &&
	      sscanf(p, " = %d %31s %d", &said->answer, said->error,
		     &said->starts) == 3, "it said \"%s\" (%s)", said->r.line,
	      strerror(-said->r.error));
}

int start_same_privileges(const struct said *a, const struct said *b)
{
	size_t size = (size_t)(strstr(a->r.line, " = ") - a->r.line) + 3;

	return !strncmp(a->r.line, b->r.line, size);
}
