/* SPDX-License-Identifier: MIT */
/*
 * P4: the new program sees nothing that differs from a plain execve.  For
 * each scenario a process sets something unusual in the thread that execs,
 * and what the dumper says after our exec is compared with what it says
 * after a plain one, for every strategy and every place of the thread.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sem.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dumped.h"
#include "expected.h"
#include "run.h"
#include "tap.h"

static const char *const place_names[] = { "leader", "another thread",
					   "a thread without leader" };

static const struct way ways[] = {
	{ "auto", 0, CX_AUTO, 0, 0 },
	{ "unshare", 0, CX_UNSHARE, 0, 0 },
	{ "helper", 0, CX_HELPER, 0, 1 },
	{ "lock", 0, CX_LOCK, 0, 0 },
	{ "auto in a container", 0, CX_AUTO, 1, 1 },
	{ "unshare in a container", 0, CX_UNSHARE, 1, 0 },
};

static const struct way plain[2] = {
	{ "plain", 1, 0, 0, 0 },
	{ "plain in a container", 1, 0, 1, 0 },
};


/* It undoes nothing for what is left behind: the value tells. */
static void remove_semaphore(pid_t pid)
{
	int id = semget(pid, 1, 0);

	if (id < 0)
		return;
	check(semctl(id, 0, GETVAL) == 0, "the semaphore was not undone");
	semctl(id, 0, IPC_RMID);
}

static void dump(struct dumped *d, const struct scenario *s,
		 const struct way *w, enum place place)
{
	struct run r = { .scenario = s, .way = w, .place = place };
	int ends[2], status;
	pid_t pid;

	check(pipe2(ends, O_CLOEXEC) == 0, "pipe: %s", strerror(errno));
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		run_start(&r, ends[1]);
	close(ends[1]);
	if (!dumped_read(d, ends[0], 10000))
		kill(pid, SIGKILL);
	close(ends[0]);
	waitpid(pid, &status, 0);
	remove_semaphore(pid);
	check(status == 0, "%s, %s, %s: status %#x after %zu bytes", s->name,
	      w->name, place_names[place], status, d->size);
}

static int applies(const struct expected *e, const struct scenario *s,
		   const struct way *w)
{
	if ((e->where == WITH_HELPER && !w->is_helper) ||
	    (e->where == WITH_FILTER && !w->filtered))
		return 0;
	return !e->scenario ||
	       strncmp(e->scenario, s->name, strlen(e->scenario)) == 0;
}

static const struct expected *find_expected(const struct scenario *s,
					    const struct way *w,
					    const char *key)
{
	unsigned int i;

	for (i = 0; i < expected_count; i++)
		if (applies(&expected_differences[i], s, w) &&
		    strcmp(expected_differences[i].key, key) == 0)
			return &expected_differences[i];
	return NULL;
}

struct comparison {
	const struct scenario *scenario;
	const struct way *way;
	enum place place;
	unsigned int expected, unexpected;
};

static void judge(const char *key, const char *a, const char *b, void *arg)
{
	struct comparison *c = arg;
	const struct expected *e = find_expected(c->scenario, c->way, key);

	if (e) {
		c->expected += e->always != 0;
		return;
	}
	c->unexpected++;
	tap_note("%s, %s: %s: plain \"%s\", ours \"%s\"", c->way->name,
		 place_names[c->place], key, a, b);
}

/* What the table says must also be true. */
static unsigned int count_expected(const struct scenario *s,
				   const struct way *w)
{
	unsigned int i, n = 0;

	for (i = 0; i < expected_count; i++)
		n += expected_differences[i].always &&
		     applies(&expected_differences[i], s, w);
	return n;
}

static unsigned int compare(const struct scenario *s, const struct way *w,
			    enum place place, const struct dumped *reference)
{
	static struct dumped ours;
	struct comparison c = { s, w, place, 0, 0 };

	dump(&ours, s, w, place);
	if (dumped_value(reference, "impossible"))
		return 0;
	dumped_compare(reference, &ours, judge, &c);
	if (c.expected != count_expected(s, w)) {
		tap_note("%s, %s: %u differences where expected.c says %u",
			 w->name, place_names[place], c.expected,
			 count_expected(s, w));
		c.unexpected++;
	}
	return c.unexpected;
}

static int do_nothing(void)
{
	return 0;
}

/* The control: what was set must be seen, else nothing is tested. */
static void expect_to_show(const struct scenario *s, enum place place,
			   const struct dumped *reference)
{
	static const struct scenario nothing = { .set = do_nothing };
	static struct dumped untouched;
	const char *is, *was;

	if (!s->shows)
		return;
	dump(&untouched, &nothing, &plain[0], place);
	is = dumped_value(reference, s->shows);
	was = dumped_value(&untouched, s->shows);
	check(is && (!was || strcmp(is, was) != 0),
	      "the control: %s is %s without it, too", s->shows, is);
}

static const struct scenario *all[200];

static void run_scenario(void)
{
	static struct dumped reference[2];
	const struct scenario *s = all[tap_index()];
	unsigned int i, bad = 0, tried = 0;
	const char *why = NULL;
	enum place place;

	tap_need_root();
	for (place = LEADER; place < PLACES; place++) {
		dump(&reference[0], s, &plain[0], place);
		why = dumped_value(&reference[0], "impossible");
		if (why)
			continue;
		tried++;
		expect_to_show(s, place, &reference[0]);
		dump(&reference[1], s, &plain[1], place);
		for (i = 0; i < sizeof ways / sizeof *ways; i++)
			bad += compare(s, &ways[i], place,
				       &reference[ways[i].filtered]);
	}
	/* The kernel, the CPU or root's capabilities here do not allow it. */
	if (!tried)
		tap_absent("%s", why);
	check(bad == 0, "%u differences", bad);
}

/* ---- All of them ------------------------------------------------------ */

static const struct scenario_list *const lists[] = {
	&scenarios_of_tasks,	   &scenarios_of_signals,
	&scenarios_of_schedulers,  &scenarios_of_credentials,
	&scenarios_of_files,	   &scenarios_of_processes,
};

static int run_all(void)
{
	static struct tap_case cases[200];
	unsigned int i, j, n = 0;

	for (i = 0; i < sizeof lists / sizeof *lists; i++)
		for (j = 0; j < lists[i]->count && n < 200; j++) {
			cases[n].name = lists[i]->first[j].name;
			cases[n].run = run_scenario;
			all[n++] = &lists[i]->first[j];
		}
	return tap_run(cases, n);
}

/* Where every user can exec it: a build directory may be under one's home. */
static char copy[] = "/tmp/clonexec-dumper-XXXXXX";

static int copy_dumper(const char *from)
{
	char buf[65536];
	int in = open(from, O_RDONLY | O_CLOEXEC), out = mkstemp(copy);
	ssize_t n;

	if (in < 0 || out < 0)
		return -1;
	while ((n = read(in, buf, sizeof buf)) > 0)
		if (write(out, buf, (size_t)n) != n)
			return -1;
	if (n < 0 || fchmod(out, 0755))
		return -1;
	close(in);
	return close(out);
}

int main(int argc, char **argv)
{
	int fd, r;

	if (argc < 2 || copy_dumper(argv[1])) {
		fprintf(stderr, "usage: %s DUMPER\n", argv[0]);
		return 2;
	}
	scenario_dumper = copy;
	snprintf(run_script, sizeof run_script, "/tmp/clonexec-dump-XXXXXX");
	fd = mkstemp(run_script);
	if (fd < 0 || dprintf(fd, "#!%s first\n", scenario_dumper) < 0 ||
	    fchmod(fd, 0755))
		return 2;
	close(fd);
	r = run_all();
	unlink(run_script);
	unlink(copy);
	return r;
}
