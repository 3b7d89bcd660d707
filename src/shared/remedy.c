/* SPDX-License-Identifier: MIT */
#include "remedy.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elffile.h"

/* Where the image of a container has it: docs/deploying.md says so. */
#define SHIM_IN_IMAGE "/usr/local/lib/libclonexec-preload.so"

/* Of a program; what is behind that is not looked at. */
#define MOST (128ULL << 20)

/* ---- The program that called exec ------------------------------------- */

static enum remedy_caller judge(const unsigned char *bytes, size_t size)
{
	struct elffile elf = { 0 };

	if (elffile_parse(bytes, size, &elf))
		return REMEDY_UNKNOWN;
	if (elf.go)
		return REMEDY_GO;
	return elf.interp ? REMEDY_DYNAMIC : REMEDY_STATIC;
}

static enum remedy_caller look_into(int fd, size_t size)
{
	enum remedy_caller found = REMEDY_UNKNOWN;
	unsigned char *bytes = malloc(size);
	size_t used = 0;
	ssize_t n = 1;

	while (bytes && used < size && n > 0) {
		n = read(fd, bytes + used, size - used);
		used += n > 0 ? (size_t)n : 0;
	}
	if (bytes && n >= 0)
		found = judge(bytes, used);
	free(bytes);
	return found;
}

/*
 * Whoever has run the program may have put something else there meanwhile, a
 * device for instance, which it would be wrong to open: so it is looked at
 * first, and what was looked at is opened.  No file of /proc or /sys has a bit
 * by which it can be run, and to read one of those may do something.  Whoever
 * holds a lease on the file could make us wait for it, hence O_NONBLOCK.  Read
 * and not mapped: whoever cuts the file short meanwhile would end us by SIGBUS.
 */
static enum remedy_caller look_at(const char *path, unsigned long long *room)
{
	int held = open(path, O_PATH | O_CLOEXEC), fd = -1;
	enum remedy_caller found = REMEDY_UNKNOWN;
	unsigned long long size = 0;
	char again[32];
	struct stat st;

	if (held < 0)
		return REMEDY_UNKNOWN;
	snprintf(again, sizeof(again), "/proc/self/fd/%d", held);
	if (!fstat(held, &st) && S_ISREG(st.st_mode) && st.st_mode & 0111) {
		size = (unsigned long long)st.st_size;
		if (size > MOST)
			size = MOST;
		if (st.st_mode & (S_ISUID | S_ISGID))
			found = REMEDY_SECURE;
		else if (size && size <= *room)
			fd = open(again, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	}
	if (fd >= 0) {
		*room -= size;
		found = look_into(fd, (size_t)size);
		close(fd);
	}
	close(held);
	return found;
}

enum remedy_caller remedy_look(unsigned int pid, const char *path,
			       const struct unit *u, unsigned long long *room)
{
	enum remedy_caller found;
	char inside[PATH_MAX];

	if (!path || path[0] != '/')
		return REMEDY_UNKNOWN;
	snprintf(inside, sizeof(inside), "/proc/%u/root%s", pid, path);
	found = look_at(inside, room);
	if (found != REMEDY_UNKNOWN || u->container[0])
		return found;
	return look_at(path, room);
}

/* ---- The command ------------------------------------------------------ */

/*
 * Who names units, containers and files may be somebody who would like an
 * administrator to type something.  So a word that a shell could take for more
 * than a word is quoted, and one that it could take for more in quotes, too, or
 * that a terminal obeys, makes no command at all.
 */
static int quote(const char *word, char *quoted, size_t size)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789@%+=:,./_-";
	const char *c, *mark = "'";
	int n;

	for (c = word; *c; c++)
		if (*c == '\'' || *c < ' ' || *c > '~')
			return -1;
	if (*word && *word != '-' && strspn(word, plain) == strlen(word))
		mark = "";
	n = snprintf(quoted, size, "%s%s%s", mark, word, mark);
	return n > 0 && (size_t)n < size ? 0 : -1;
}

/* As docs/deploying.md has it, without a terminal. */
static int write_drop_in(char command[REMEDY_COMMAND], const struct unit *u,
			 const char *shim)
{
	const char *manager = u->of_user ? "systemctl --user" : "systemctl";
	const char *units = u->of_user ? "~/.config/systemd/user" :
					 "/etc/systemd/system";
	char name[UNIT_NAME + 4];
	int n;

	if (quote(u->name, name, sizeof(name)))
		return -1;
	n = snprintf(command, REMEDY_COMMAND,
		     "d=%s/%s.d; mkdir -p \"$d\" && printf "
		     "'[Service]\\nEnvironment=LD_PRELOAD=%s\\n' "
		     ">\"$d/clonexec.conf\" && %s daemon-reload && "
		     "%s restart %s",
		     units, name, shim, manager, manager, name);
	return n > 0 && n < REMEDY_COMMAND ? 0 : -1;
}

static int write_run(char command[REMEDY_COMMAND], const char *path)
{
	char word[REMEDY_COMMAND - 16];

	if (!path || path[0] != '/' || quote(path, word, sizeof(word)))
		return -1;
	snprintf(command, REMEDY_COMMAND, "clonexec run %s", word);
	return 0;
}

static int write_command(const struct remedy_case *c, struct remedy *r)
{
	switch (r->means) {
	case REMEDY_SERVICE:
		return write_drop_in(r->command, c->unit, c->shim);
	case REMEDY_RUN:
		return write_run(r->command, c->path);
	case REMEDY_IMAGE:
		strcpy(r->command, "ENV LD_PRELOAD=" SHIM_IN_IMAGE);
		return 0;
	case REMEDY_GUARD:
		strcpy(r->command, "clonexec guard start");
		return 0;
	default:
		return -1;
	}
}

/* ---- The means -------------------------------------------------------- */

static const char *unreachable(enum remedy_caller caller)
{
	switch (caller) {
	case REMEDY_STATIC:
		return "it is linked statically, so nothing can be preloaded";
	case REMEDY_GO:
		return "Go makes the system call itself, so nothing that is "
		       "preloaded sees it";
	case REMEDY_SECURE:
		return "it has a set-id bit, so LD_PRELOAD is ignored";
	default:
		return NULL;
	}
}

static int is_service(const struct unit *u)
{
	size_t n = strlen(u->name), m = strlen(".service");

	/* The manager of a user is no place for a preload. */
	return n > m && !strcmp(u->name + n - m, ".service") &&
	       strncmp(u->name, "user@", 5) != 0;
}

static enum remedy_means choose(const struct remedy_case *c, struct remedy *r)
{
	if (c->only_shares) {
		r->why = "it shares its file system context with another "
			 "process on purpose";
		return REMEDY_NONE;
	}
	if (r->why)
		return REMEDY_GUARD;
	if (c->unit->container[0])
		return REMEDY_IMAGE;
	return is_service(c->unit) ? REMEDY_SERVICE : REMEDY_RUN;
}

void remedy_find(const struct remedy_case *c, struct remedy *r)
{
	memset(r, 0, sizeof(*r));
	r->why = unreachable(c->caller);
	r->means = choose(c, r);
	if (write_command(c, r))
		r->command[0] = '\0';
}

static int say(const struct remedy *r, char text[REMEDY_SENTENCE])
{
	const char *why = r->why ? r->why : "";

	switch (r->means) {
	case REMEDY_NONE:
		return snprintf(text, REMEDY_SENTENCE,
				"Nothing from outside: %s.", why);
	case REMEDY_IMAGE:
		return snprintf(text, REMEDY_SENTENCE,
				"The shim and a line, both in the image of the "
				"container: %s",
				r->command);
	default:
		if (!r->command[0])
			return snprintf(
				text, REMEDY_SENTENCE,
				"The shim (man clonexec-run). A name in "
				"the command is not safe to type.");
		return snprintf(text, REMEDY_SENTENCE, "%s%s%s%s", r->command,
				*why ? " (" : "", why, *why ? ")" : "");
	}
}

void remedy_say(const struct remedy *r, char text[REMEDY_SENTENCE])
{
	if (say(r, text) >= REMEDY_SENTENCE)
		snprintf(text, REMEDY_SENTENCE,
			 "What CLONEXEC_REMEDY says, a field of this entry: "
			 "journalctl -o verbose");
}

const char *remedy_name(enum remedy_means means)
{
	static const char *const names[] = {
		[REMEDY_NONE] = NULL,	  [REMEDY_SERVICE] = "service",
		[REMEDY_IMAGE] = "image", [REMEDY_RUN] = "run",
		[REMEDY_GUARD] = "guard",
	};

	return names[means];
}
