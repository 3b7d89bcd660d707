/* SPDX-License-Identifier: MIT */
/* The file of `clonexec watch --metrics`: what it takes over, its bounds. */
#include "metrics.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

#define LINE "clonexec_last_loss_timestamp_seconds "

static char path[] = "/tmp/clonexec-metrics-XXXXXX";
static struct metrics m;

static void make_file(void)
{
	int fd = mkstemp(path);

	check(fd >= 0, "no file");
	close(fd);
}

static void put(const char *text)
{
	FILE *out = fopen(path, "w");

	check(out && fputs(text, out) >= 0 && !fclose(out), "no file");
}

static void lose(unsigned int uid, const char *file, int times)
{
	const struct loss loss = { .set_uid = 1, .cause = LOSS_RACE };
	static struct advice advice;

	while (times--)
		metrics_loss(&m, file, uid, &loss, &advice);
}

/* ---- A restart -------------------------------------------------------- */

static double taken_over(const char *text)
{
	put(text);
	memset(&m, 0, sizeof(m));
	check(!metrics_begin(&m, path), "%s: not written", text);
	return m.last_loss;
}

static void restarts(void)
{
	const struct metrics_counts none = { 0 };
	double lost;

	make_file();
	memset(&m, 0, sizeof(m));
	check(!metrics_begin(&m, path) && m.last_loss == 0, "%f", m.last_loss);
	lose(1, "/a", 1);
	lost = m.last_loss;
	check(lost > 1e9 && !metrics_write(&m, &none, 0), "%f", lost);
	memset(&m, 0, sizeof(m));
	check(!metrics_begin(&m, path), "not written");
	check(m.last_loss > lost - 0.01 && m.last_loss < lost + 0.01 && !m.used,
	      "%f, not %f", m.last_loss, lost);
	unlink(path);
}

static void bad_files(void)
{
	static const char *const bad[] = {
		"",
		"nothing\n",
		LINE "\n",
		LINE "x\n",
		LINE "1 2\n",
		LINE "-1\n",
		LINE "nan\n",
		LINE "inf\n",
		LINE "1e300\n",
		LINE "99999999999\n", /* is to come */
		LINE "12",	      /* cut off */
		" " LINE "12\n",
	};
	char long_line[512];
	size_t i;

	make_file();
	check(taken_over(LINE "12.5\n") == 12.5, "a good one: %f", m.last_loss);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		check(taken_over(bad[i]) == 0, "%s: %f", bad[i], m.last_loss);
	memset(long_line, '0', sizeof(long_line));
	memcpy(long_line, LINE, strlen(LINE));
	long_line[sizeof(long_line) - 1] = '\0';
	check(taken_over(long_line) == 0, "long: %f", m.last_loss);
	unlink(path);
}

static void bad_places(void)
{
	char link[sizeof(path) + 8];
	int fd;

	make_file();
	put(LINE "12.5\n");
	snprintf(link, sizeof(link), "%s.link", path);
	check(!symlink(path, link), "no link");
	memset(&m, 0, sizeof(m));
	metrics_begin(&m, link);
	check(m.last_loss == 0, "by a link: %f", m.last_loss);
	unlink(link);
	/* (Open, so that it can be written to.) */
	check(!mkfifo(link, 0600), "no FIFO");
	fd = open(link, O_RDWR | O_CLOEXEC);
	check(fd >= 0 && write(fd, LINE "12.5\n", sizeof(LINE) + 4) > 0,
	      "no FIFO");
	metrics_begin(&m, link);
	check(m.last_loss == 0, "a FIFO: %f", m.last_loss);
	close(fd);
	unlink(link);
	if (geteuid() == 0) {
		check(!chown(path, 1, 1), "chown");
		memset(&m, 0, sizeof(m));
		metrics_begin(&m, path);
		check(m.last_loss == 0, "another's: %f", m.last_loss);
	}
	unlink(path);
}

/* ---- Many ------------------------------------------------------------- */

static void many(void)
{
	char file[32];
	int i;

	make_file();
	memset(&m, 0, sizeof(m));
	check(!metrics_begin(&m, path), "not written");
	for (i = 0; i < 1000; i++) {
		snprintf(file, sizeof(file), "/tmp/%d", i);
		lose(1000, file, 2);
	}
	check(m.used == METRICS_OF_USER, "of one user: %d", m.used);
	check(m.other == 2 * (1000 - METRICS_OF_USER), "others: %llu", m.other);
	/* A user's first ones go on; another's begin. */
	lose(1000, "/tmp/0", 1);
	check(m.series[0].count == 3, "the first: %llu", m.series[0].count);
	lose(0, "/usr/bin/sudo", 1);
	check(m.used == METRICS_OF_USER + 1 && m.series[m.used - 1].count == 1,
	      "another user's: %d", m.used);
	for (i = 0; i < 1000; i++) {
		snprintf(file, sizeof(file), "/%d", i);
		lose((unsigned int)i, file, 1);
	}
	check(m.used == METRICS_SERIES, "of all: %d", m.used);
	unlink(path);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "a restart keeps the time of the last loss", restarts, 0 },
		{ "a file with anything else says nothing", bad_files, 0 },
		{ "neither do a link, a FIFO and a stranger's file", bad_places,
		  0 },
		{ "one user does not take all series", many, 0 },
	};

	return tap_main(cases);
}
