/* SPDX-License-Identifier: MIT */
/* Files that a handler of binfmt_misc runs, by privileges of their own or of
   the handler. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harm-race.h"
#include "tap.h"

#define HANDLERS "/proc/sys/fs/binfmt_misc"
#define MAGIC "harm-binfmt"

static char document[] = "/tmp/harm-XXXXXX";

/* One that begins with the magic word. */
static void make_document(mode_t mode)
{
	int fd = mkstemp(document);

	check(fd >= 0 && write(fd, MAGIC, strlen(MAGIC)) > 0 &&
		      !fchmod(fd, mode) && !close(fd),
	      "no document: errno %d", errno);
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	check(fd >= 0 && write(fd, text, strlen(text)) > 0, "%s: errno %d",
	      path, errno);
	close(fd);
}

static void add_handler(const char *path, const char *flags)
{
	char text[PATH_MAX + 64];

	if (access(HANDLERS "/register", F_OK) &&
	    mount("binfmt_misc", HANDLERS, "binfmt_misc", 0, NULL))
		tap_absent("no binfmt_misc: errno %d", errno);
	snprintf(text, sizeof(text), ":harm:M::" MAGIC "::%s:%s", path, flags);
	put(HANDLERS "/register", text);
}

static int by_document(const char *path, char *const argv[],
		       char *const envp[], void *arg)
{
	return harm_exec(document, argv, envp, arg);
}

static void run(const struct race *race, const char *handler,
		const char *flags, mode_t mode)
{
	int i;

	add_handler(handler, flags);
	make_document(mode);
	for (i = 0; i < HARM_RUNS; i++)
		harm_must_keep_once(race, i);
	unlink(document);
	put(HANDLERS "/harm", "-1");
}

/* As with scripts: what the document itself has does not count. */
static void case_of_the_handler(void)
{
	struct race race = harm_race(by_document, HARM_RELEASE_MS);

	run(&race, race.path, "", 0755);
}

/* C: what the handler has does not count, it runs as the document says. */
static void case_of_the_document(void)
{
	struct race race = harm_race(by_document, HARM_RELEASE_MS);

	run(&race, harm_plain_target(), "C", 04755);
}

/* As qemu-user is registered. */
static void case_opened_before(void)
{
	struct race race = harm_race(by_document, HARM_RELEASE_MS);

	run(&race, harm_plain_target(), "POCF", 04755);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "a set-uid handler of binfmt_misc", case_of_the_handler, 0 },
		{ "a set-uid file and a handler with the flag C",
		  case_of_the_document, 0 },
		{ "likewise with POCF, as qemu-user has it",
		  case_opened_before, 0 },
	};

	return tap_main(cases);
}
