/* SPDX-License-Identifier: MIT */
/*
 * Root writes a file where a stranger can write as well, and the stranger
 * exchanges something: before each single system call of root's, and once
 * more before each later one.  What belongs to root elsewhere must be as it
 * was.  The control writes as anybody would, by stat(), realpath() and
 * rename(), and must be seen to spoil it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "outfile.h"
#include "steps.h"
#include "tap.h"

enum { STRANGER = 65534, REFUSED = 1 };

#define TEXT "the result\n"
#define SECRET "root's own\n"

/* The first two directories are the stranger's as well, the third is not. */
static const char shared[] = "shared", sub[] = "shared/sub",
		  secret[] = "secret";
static const char file[] = "shared/sub/report", treasure[] = "secret/report";

static void put(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return; /* the stranger may not */
	(void)!write(fd, text, strlen(text));
	fchmod(fd, mode);
	close(fd);
}

static void make(const char *path, mode_t mode)
{
	check(!mkdir(path, 0700) && !chmod(path, mode), "%s: %s", path,
	      strerror(errno));
}

static void forget(const char *dir)
{
	char path[PATH_MAX];
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		if (e->d_type == DT_DIR)
			forget(path);
		else
			unlink(path);
	}
	if (d)
		closedir(d);
	rmdir(dir);
}

static void begin(mode_t mode)
{
	make(shared, mode);
	make(sub, mode);
	make(secret, 0755);
	check(!symlink("../secret", "shared/link"), "%s", strerror(errno));
	put(treasure, SECRET, 0600);
}

/* ---- What the stranger does ------------------------------------------- */

static void take_away(void)
{
	unlink(file);
}

/* (What is there goes first: in a sticky directory he may not.) */
static void link_file(void)
{
	unlink(file);
	(void)!symlink("../../secret/report", file);
}

static void own_file(void)
{
	unlink(file);
	put(file, "mine\n", 0666);
}

static void link_directory(void)
{
	(void)!rename(sub, "shared/aside");
	(void)!symlink("../secret", sub);
}

/* One of root's own making. */
static void move_link(void)
{
	(void)!rename(sub, "shared/aside");
	(void)!rename("shared/link", sub);
}

/* Whatever else has appeared beside the file. */
static void link_temporary(void)
{
	char path[PATH_MAX];
	DIR *d = opendir(sub);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		if (e->d_name[0] == '.' || !strcmp(e->d_name, "report"))
			continue;
		snprintf(path, sizeof(path), "%s/%s", sub, e->d_name);
		unlink(path);
		(void)!symlink("../../secret/report", path);
	}
	if (d)
		closedir(d);
}

static void nothing(void)
{
}

static void (*const tricks[])(void) = {
	nothing, take_away, link_file, own_file, link_directory, move_link,
	link_temporary,
};

enum { TRICKS = sizeof(tricks) / sizeof(tricks[0]) };

static void as_stranger(void (*trick)(void))
{
	pid_t pid = fork();
	int status;

	check(pid >= 0, "fork: %s", strerror(errno));
	if (pid == 0) {
		if (setresgid(STRANGER, STRANGER, STRANGER) ||
		    setresuid(STRANGER, STRANGER, STRANGER))
			_exit(1);
		umask(0);
		trick();
		_exit(0);
	}
	check(waitpid(pid, &status, 0) == pid && status == 0,
	      "no stranger here");
}

static void hook(pid_t worker, void *trick)
{
	as_stranger(tricks[*(int *)trick]);
}

/* ---- What root does --------------------------------------------------- */

static int write_ours(void *arg)
{
	struct outfile f;

	if (outfile_open(&f, file))
		return REFUSED;
	fputs(TEXT, f.out);
	return outfile_commit(&f) ? REFUSED : 0;
}

static int write_as_it_goes(void *arg)
{
	FILE *out;

	if (outfile_stream(file, &out))
		return REFUSED;
	fputs(TEXT, out);
	return fclose(out) ? REFUSED : 0;
}

static int write_naively(void *arg)
{
	char real[PATH_MAX], name[PATH_MAX + 8];
	mode_t mode = 0644;
	struct stat st;
	int fd;

	strcpy(real, file);
	if (!stat(file, &st)) {
		mode = st.st_mode & 0777;
		if (!realpath(file, real))
			return REFUSED;
	}
	snprintf(name, sizeof(name), "%s.XXXXXX", real);
	fd = mkstemp(name);
	if (fd < 0 || fchmod(fd, mode))
		return REFUSED;
	(void)!write(fd, TEXT, strlen(TEXT));
	close(fd);
	return rename(name, real) ? REFUSED : 0;
}

/* ---- And what came of it ---------------------------------------------- */

/* Root's other directory has what it had, and no more. */
static int is_spoilt(void)
{
	char text[64] = "";
	struct stat st;
	int fd = open(treasure, O_RDONLY | O_NOFOLLOW), entries = 0;
	DIR *d = opendir(secret);
	struct dirent *e;

	if (fd < 0 || fstat(fd, &st) || read(fd, text, sizeof(text) - 1) < 0)
		return 1;
	close(fd);
	while (d && (e = readdir(d)))
		entries += e->d_name[0] != '.';
	if (d)
		closedir(d);
	return strcmp(text, SECRET) || (st.st_mode & 07777) != 0600 ||
	       st.st_uid != 0 || entries != 1;
}

/* What root leaves there nobody else can change. */
static int is_open(void)
{
	struct stat st;

	return !lstat(file, &st) && S_ISREG(st.st_mode) && st.st_uid == 0 &&
	       st.st_mode & 022;
}

struct count {
	int runs, spoilt, open, written;
};

/* Before the step `at` the second trick; the first was there already. */
static int one(int (*work)(void *), mode_t mode, int first, int second, int at,
	       struct count *c)
{
	int status, steps;

	begin(mode);
	as_stranger(tricks[first]);
	steps = steps_run(work, NULL, at, hook, &second, &status);
	c->runs++;
	c->spoilt += is_spoilt();
	c->open += is_open();
	c->written += WIFEXITED(status) && WEXITSTATUS(status) == 0;
	forget(shared);
	forget(secret);
	return steps;
}

static struct count try_all(int (*work)(void *), mode_t mode)
{
	struct count c = { 0 };
	int first, second, at, steps;

	for (first = 0; first < TRICKS; first++)
		for (second = 0; second < TRICKS; second++)
			for (at = 1, steps = 1; at <= steps; at++)
				steps = one(work, mode, first, second, at, &c);
	tap_note("%d runs: %d spoilt, %d left open to others, %d written",
		 c.runs, c.spoilt, c.open, c.written);
	return c;
}

static struct count in_a_directory(int (*work)(void *), mode_t mode)
{
	char base[] = "/tmp/clonexec-outfile-XXXXXX";
	struct count c;

	tap_need_root();
	umask(022);
	check(mkdtemp(base) && !chmod(base, 0755) && !chdir(base),
	      "no directory in /tmp");
	c = try_all(work, mode);
	check(!rmdir(base), "%s: %s", base, strerror(errno));
	return c;
}

static void attacked(int (*work)(void *), mode_t mode)
{
	struct count c = in_a_directory(work, mode);

	check(!c.spoilt && !c.open, "root's file was spoilt");
	check(c.written > c.runs / 4, "it seldom writes at all");
}

static void plain_directory(void)
{
	attacked(write_ours, 0777);
}

static void sticky_directory(void)
{
	attacked(write_ours, 01777);
}

static void streams(void)
{
	attacked(write_as_it_goes, 0777);
}

static void sticky_streams(void)
{
	attacked(write_as_it_goes, 01777);
}

static void control(void)
{
	struct count c = in_a_directory(write_naively, 0777);

	check(c.spoilt && c.open, "nothing was spoilt: what is this test for?");
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "a directory of everybody's, exchanged at each step",
		  plain_directory, 120 },
		{ "a sticky directory, exchanged at each step",
		  sticky_directory, 120 },
		{ "a file that is written as it goes", streams, 120 },
		{ "the same in a sticky directory", sticky_streams, 120 },
		{ "control: stat, realpath and rename spoil root's file",
		  control, 120 },
	};

	return tap_main(cases);
}
