/* SPDX-License-Identifier: MIT */
#include "inspect.h"

#include "elfmap.h"
#include "script.h"
#include "secure.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	/*
	 * exec_binprm() in fs/exec.c loads at most six files one after the
	 * other, so five scripts and then a program.
	 */
	MAX_SCRIPTS = 5,
	/* With what env and execvp(3) start anew: scripts may go in rings. */
	MAX_STEPS = 32,
};

__attribute__((format(printf, 3, 4))) static void
set_verdict(struct inspect *out, enum inspect_verdict verdict,
	    const char *format, ...)
{
	va_list ap;

	out->verdict = verdict;
	va_start(ap, format);
	vsnprintf(out->reason, sizeof(out->reason), format, ap);
	va_end(ap);
}

/* Sets out->path; 0, or -1 and a verdict. */
static int set_path(struct inspect *out, const char *dir, size_t dir_len,
		    const char *name)
{
	int n = snprintf(out->path, sizeof(out->path), "%.*s%s%s", (int)dir_len,
			 dir, dir_len ? "/" : "", name);

	if (n >= 0 && (size_t)n < sizeof(out->path))
		return 0;
	set_verdict(out, INSPECT_NOT_EXECUTABLE, "its name is too long");
	return -1;
}

/* Whether execve(2) would get past the name: 0, or why not. */
static int check_access(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return errno;
	if (S_ISDIR(st.st_mode))
		return EISDIR;
	if (!S_ISREG(st.st_mode))
		return EACCES;
	return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) ? errno : 0;
}

static int judge_access(struct inspect *out, int err)
{
	if (err == ENOENT || err == ENOTDIR)
		set_verdict(out, INSPECT_NOT_FOUND, "%s", strerror(err));
	else if (err == EISDIR)
		set_verdict(out, INSPECT_NOT_EXECUTABLE, "it is a directory");
	else
		set_verdict(out, INSPECT_NOT_EXECUTABLE, "%s", strerror(err));
	return -1;
}

/*
 * execvp's search: the first entry of PATH where exec would not fail with
 * one of the errors after which the search goes on.
 */
static int find_program(const char *name, struct inspect *out)
{
	const char *dir = getenv("PATH"), *end;
	int denied = 0, err;

	if (set_path(out, "", 0, name) != 0)
		return -1;
	if (!*name)
		return judge_access(out, ENOENT);
	if (strchr(name, '/')) {
		err = check_access(name);
		return err ? judge_access(out, err) : 0;
	}
	if (!dir)
		dir = "/bin:/usr/bin";
	for (;; dir = end + 1) {
		end = strchrnul(dir, ':');
		if (set_path(out, dir, (size_t)(end - dir), name) == 0) {
			err = check_access(out->path);
			if (err == 0)
				return 0;
			if (err == EACCES || err == EISDIR)
				denied = err;
		}
		if (!*end)
			break;
	}
	set_path(out, "", 0, name);
	if (denied)
		return judge_access(out, denied);
	set_verdict(out, INSPECT_NOT_FOUND, "it is in no directory of PATH");
	return -1;
}

static const char *libc_name(enum elffile_libc libc)
{
	return libc == ELFFILE_MUSL ? "musl" : "glibc";
}

static void judge_foreign(const struct elffile *elf, struct inspect *out)
{
	const char *name = elffile_machine_name(elf->machine);

	if (name)
		set_verdict(out, INSPECT_FOREIGN,
			    "it is %u-bit %s code, which the "
			    "shim is not",
			    elf->bits, name);
	else
		set_verdict(out, INSPECT_FOREIGN,
			    "it is code for another machine "
			    "(number %u)",
			    elf->machine);
}

/* Whether there is a shim that its loader takes; else the verdict. */
static int suits(const struct elffile *elf, const struct shim *shim,
		 struct inspect *out)
{
	struct elffile file;

	if (shim_for(shim, elf->interp, &file) != 0) {
		set_verdict(out, INSPECT_FOREIGN,
			    "its loader finds no shim at "
			    "%.150s",
			    shim->path);
		return 0;
	}
	if (elf->bits == file.bits && elf->machine == file.machine &&
	    elf->big_endian == file.big_endian)
		return 1;
	judge_foreign(elf, out);
	return 0;
}

static void judge_elf(const struct elffile *elf, const struct shim *shim,
		      struct inspect *out)
{
	const char *secure;
	struct stat st;

	if (!suits(elf, shim, out))
		return;
	secure = stat(out->path, &st) == 0 ? secure_reason(out->path, &st) :
					     NULL;
	if (secure)
		set_verdict(out, INSPECT_SECURE,
			    "%s, so it runs in secure-"
			    "execution mode, where LD_PRELOAD is ignored",
			    secure);
	else if (!elf->interp &&
		 (elffile_loader_libc(out->path) != ELFFILE_OTHER ||
		  (elf->soname &&
		   elffile_loader_libc(elf->soname) != ELFFILE_OTHER)))
		set_verdict(out, INSPECT_COVERED,
			    "a dynamic loader; what it loads "
			    "was not looked at");
	else if (!elf->interp && elf->go)
		set_verdict(out, INSPECT_STATIC,
			    "it is a static Go program, and "
			    "nothing can be preloaded into it");
	else if (!elf->interp)
		set_verdict(out, INSPECT_STATIC,
			    "it is linked statically, and "
			    "nothing can be preloaded into it");
	else if (access(elf->interp, F_OK) != 0)
		set_verdict(out, INSPECT_NOT_EXECUTABLE,
			    "its loader %.100s: %s", elf->interp,
			    strerror(errno));
	else if (elf->libc == ELFFILE_OTHER)
		set_verdict(out, INSPECT_LOADER,
			    "its loader is neither glibc's nor "
			    "musl's: %.100s",
			    elf->interp);
	else if (elf->go)
		set_verdict(
			out, INSPECT_GO,
			"it is a Go program, and Go makes the "
			"exec system call without libc (exec by its C code is "
			"covered)");
	else {
		out->libc = elf->libc;
		out->may_load = elf->may_load;
		set_verdict(out, INSPECT_COVERED, "%u-bit %s, %s", elf->bits,
			    elffile_machine_name(elf->machine) ?
				    elffile_machine_name(elf->machine) :
				    "code",
			    libc_name(elf->libc));
	}
}

static int is_env(const char *path)
{
	const char *base = strrchr(path, '/');

	return base && !strcmp(base, "/env");
}

/*
 * "#!/usr/bin/env NAME" is a search of its own, and by far the commonest
 * script.  With options or assignments env itself is what is judged.
 */
static int follows_env(const char *path, const struct script *script)
{
	return is_env(path) && script->has_arg && script->arg[0] != '-' &&
	       script->arg[0] && !strpbrk(script->arg, " \t=");
}

/* Where we are between the name that was given and the file that runs. */
struct walk {
	struct script script; /* the last #! line */
	int scripts;	      /* #! lines since the last exec */
};

/*
 * One step on the way to the ELF file.  Returns 1 if out->path is another
 * file now, 0 if the verdict stands.
 */
static int step(const struct shim *shim, struct walk *walk, struct inspect *out)
{
	struct elfmap map;
	struct elffile elf;
	int more = 1;

	if (elfmap_open(out->path, &map) != 0) {
		set_verdict(out, INSPECT_UNREADABLE,
			    "it can't be read (%s), so "
			    "coverage cannot be checked",
			    strerror(errno));
		return 0;
	}
	if (elffile_parse(map.buf, map.len, &elf) == 0) {
		if (follows_env(out->path, &walk->script)) {
			more = find_program(walk->script.arg, out) == 0;
			memset(walk, 0, sizeof(*walk));
		} else {
			judge_elf(&elf, shim, out);
			out->is_env = is_env(out->path);
			out->has_argument = walk->script.has_arg;
			more = 0;
		}
	} else if (script_parse(map.buf, map.len, &walk->script) == 0) {
		walk->scripts++;
		set_path(out, "", 0, walk->script.interp);
	} else {
		/* ENOEXEC, whereupon execvp(3) runs it as a shell script. */
		memset(walk, 0, sizeof(*walk));
		set_path(out, "", 0, "/bin/sh");
	}
	elfmap_close(&map);
	return more;
}

void inspect_program(const char *prog, const struct shim *shim,
		     struct inspect *out)
{
	struct walk walk = { 0 };
	int i, err;

	memset(out, 0, sizeof(*out));
	if (find_program(prog, out) != 0)
		return;
	for (i = 0; i < MAX_STEPS && walk.scripts <= MAX_SCRIPTS; i++) {
		if (!step(shim, &walk, out))
			return;
		err = check_access(out->path);
		if (err) {
			set_verdict(out, INSPECT_NOT_EXECUTABLE,
				    "it is the interpreter of a script: %s",
				    strerror(err));
			return;
		}
	}
	set_verdict(out, INSPECT_NOT_EXECUTABLE,
		    "too many scripts run each other");
}
