/* SPDX-License-Identifier: MIT */
/*
 * A watcher that runs for weeks does not grow: a million events, of other
 * programs, users, units and containers each time, through the function that
 * the ring buffer calls; the journal, the text, JSON and the metrics are all
 * written.  The control leaks a little, and is noticed.
 */
int watch_main(int argc, char **argv);
#define main watch_main
#include "../../src/watch/watch.c" /* NOLINT(bugprone-suspicious-include) */
#undef main

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "journalsend.h"
#include "tap.h"

enum {
	SHARE = 1,
	WARM_UP = 100000,
	ALL = 1000000,
	FORM = 1000,  /* events in a form, before the next one */
	WRITE = 5000, /* events for a file of metrics */
	SLACK = 256,  /* pages */
};

static struct watch w;
static char metrics_path[] = "/tmp/clonexec-endless-XXXXXX";
static long entries; /* of the journal */

/* Instead of the machine's journal. */
int journalsend(const char *const *field, int fields)
{
	entries++;
	return fields > 0 && field[0][0];
}

/* ---- Synthetic events ------------------------------------------------- */

/* The innermost name first. */
static void put_names(struct event_names *n, const char *const *names)
{
	n->bytes = 0;
	n->whole = 1;
	for (; *names; names++) {
		size_t size = strlen(*names) + 1;

		memcpy(n->text + n->bytes, *names, size);
		n->bytes += (unsigned int)size;
	}
}

static void put_cgroup(struct event *e, int i)
{
	char name[96];
	const char *names[] = { name, "system.slice", NULL };

	if (i % 3)
		snprintf(name, sizeof(name), "agent%d.service", i % 1009);
	else
		snprintf(name, sizeof(name), "docker-%064d.scope", i % 2003);
	put_names(&e->cgroup, names);
}

static void put_files(struct event *e, int i)
{
	char file[32], caller[32];
	const char *names[] = { file, "bin", "usr", NULL };

	snprintf(file, sizeof(file), "\"file\"\n%d", i % 5003);
	put_names(&e->file, names);
	/* Some are there, and are looked into. */
	snprintf(caller, sizeof(caller), i % 64 ? "agent%d" : "env", i % 7001);
	names[0] = caller;
	put_names(&e->caller, names);
}

static void make_event(struct event *e, int i)
{
	memset(e, 0, sizeof(*e));
	e->time = 1000000ULL * (unsigned int)i;
	/* No process of that number is there. */
	e->pid = e->tid = e->parent = 5000000 + (unsigned int)i;
	e->unsafe = SHARE;
	e->per_clear = 1;
	e->bset = ~0ULL;
	e->threads = 3;
	e->users_before = 4;
	e->users_after = 1;
	e->uid = e->euid = 1 + (unsigned int)i % 60001;
	e->gid = e->egid = e->uid;
	e->mode = S_IFREG | (i % 5 ? 04755 : 02755);
	e->login = i % 2 ? e->uid : EVENT_NO_LOGIN;
	e->culprit.tid = e->pid + 1;
	e->culprit.how = (unsigned int)i % 3;
	snprintf(e->comm, sizeof(e->comm), "agent%d", i);
	snprintf(e->new_comm, sizeof(e->new_comm), "file%d", i);
	e->arguments_bytes = (unsigned int)snprintf(e->arguments,
						    sizeof(e->arguments),
						    "sudo\001 %d", i) +
			     1;
	put_files(e, i);
	put_cgroup(e, i);
}

static void other_news(int i)
{
	const struct metrics_counts c = { .withheld = (unsigned int)i };
	const struct event_eagain refused = { .count = 1, .pid = 1 };

	report_eagain(&w.report, (unsigned int)i, &refused);
	metrics_guard(&w.metrics, (unsigned int)i % EVENT_GUARD_WHATS);
	check(!metrics_write(&w.metrics, &c, i), "the metrics");
}

/* The journal, text, JSON, and again. */
static void choose_form(int i)
{
	w.report.journal = i / FORM % 3 ? NULL : &w.journal;
	w.report.json = i / FORM % 3 == 2;
}

/* ---- How large we are ------------------------------------------------- */

struct size {
	long resident, data; /* pages */
	int descriptors;
};

static struct size measure(void)
{
	FILE *in = fopen("/proc/self/statm", "re");
	struct size s = { .descriptors = 0 };
	DIR *dir = opendir("/proc/self/fd");

	check(in && fscanf(in, "%*d %ld %*d %*d %*d %ld", &s.resident,
			   &s.data) == 2,
	      "no statm");
	check(dir != NULL, "no /proc/self/fd");
	while (readdir(dir))
		s.descriptors++;
	closedir(dir);
	fclose(in);
	return s;
}

static int has_grown(const struct size *a, const struct size *b)
{
	return b->resident > a->resident + SLACK || b->data > a->data + SLACK ||
	       b->descriptors != a->descriptors;
}

/* ---- The run ---------------------------------------------------------- */

static void begin_run(void)
{
	int fd = mkstemp(metrics_path);

	check(fd >= 0 && !close(fd), "no file");
	check(!metrics_begin(&w.metrics, metrics_path), "no metrics");
	check(!journal_open(&w.journal), "no journal");
	report_begin(&w.report, 0, NULL);
}

/* leak: what each event does besides.  Whether it grew. */
static int run(int warm_up, int all, void (*leak)(int))
{
	int out = dup(1), null = open("/dev/null", O_WRONLY | O_CLOEXEC), i;
	struct size first = { 0 }, last;
	static char buffer[1 << 16];
	static struct event e;

	begin_run();
	/* (A line's end would be a system call each.) */
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	check(out >= 0 && null >= 0 && dup2(null, 1) == 1, "no /dev/null");
	for (i = 0; i < all; i++) {
		if (i == warm_up)
			first = measure();
		choose_form(i);
		make_event(&e, i);
		on_event(&w, &e, sizeof(e));
		if (i % WRITE == 0)
			other_news(i);
		if (leak)
			leak(i);
	}
	last = measure();
	fflush(stdout);
	dup2(out, 1);
	unlink(metrics_path);
	check(w.losses == all && entries > all / 4, "%ld losses, %ld entries",
	      w.losses, entries);
	tap_note("resident %ld, then %ld pages; data %ld, %ld; descriptors "
		 "%d, %d",
		 first.resident, last.resident, first.data, last.data,
		 first.descriptors, last.descriptors);
	return has_grown(&first, &last);
}

static void a_million(void)
{
	check(!run(WARM_UP, ALL, NULL), "it grew");
}

static void leak_memory(int i)
{
	volatile char *lost = malloc(16);

	if (lost)
		*lost = (char)i;
}

static void leak_descriptor(int i)
{
	if (i % 10000 == 0)
		dup(2);
}

static void memory_control(void)
{
	check(run(10000, 150000, leak_memory), "16 bytes each went unnoticed");
}

static void descriptor_control(void)
{
	check(run(10000, 50000, leak_descriptor), "went unnoticed");
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "a million events: no growth", a_million, 900 },
		{ "control: 16 bytes an event are noticed", memory_control,
		  200 },
		{ "control: so is a descriptor now and then",
		  descriptor_control, 200 },
	};

	return tap_main(cases);
}
