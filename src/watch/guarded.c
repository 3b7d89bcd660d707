/* SPDX-License-Identifier: MIT */
#include "guarded.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guardpins.h"
#include "json.h"
#include "printable.h"
#include "text.h"

#define RING GUARD_PINS "/events"
#define READER GUARD_PINS "/reader"

static const double look_s = 1; /* for another one */

/* ---- Lines ------------------------------------------------------------ */

static void put_event(const struct event_guard *e, const char *time)
{
	static const char *const names[EVENT_GUARD_WHATS] = {
		[EVENT_GUARD_KEPT] = "kept",
		[EVENT_GUARD_LET_GO] = "let_go",
		[EVENT_GUARD_UNQUEUED] = "unqueued",
		[EVENT_GUARD_REFUSED] = "refused",
	};
	struct json j;

	json_begin_line(&j, stdout);
	json_object(&j, NULL);
	json_string(&j, "event", "guard");
	json_string(&j, "time", time);
	json_string(&j, "what", names[e->what]);
	json_string(&j, "call", e->is_creation ? "creation" : "exec");
	json_integer(&j, "pid", e->pid);
	json_integer(&j, "tid", e->tid);
	json_integer(&j, "uid", e->uid);
	json_string(&j, "comm", e->comm);
	json_string(&j, "file", e->is_creation ? NULL : e->file);
	json_integer(&j, "begun_again", e->tries);
	json_integer(&j, "within_us", (long long)(e->waited / 1000));
	json_close(&j);
	json_end(&j);
}

static void print_event(const struct report *r, const struct event_guard *e)
{
	static const char *const words[EVENT_GUARD_WHATS] = {
		[EVENT_GUARD_KEPT] = "has kept its privileges",
		[EVENT_GUARD_LET_GO] = "has been let go",
		[EVENT_GUARD_UNQUEUED] = "could not be begun again",
		[EVENT_GUARD_REFUSED] = "has been refused (EAGAIN)",
	};
	char comm[EVENT_COMM], file[EVENT_NAME];
	FILE *out = report_line(r, e->time);

	fprintf(out, "%sGUARD%s %s%s %s, by %s[%u/%u], uid %u",
		text_begin(out, TEXT_BOLD), text_end(out, TEXT_BOLD),
		e->is_creation ? "a thread creation" : "exec of ",
		e->is_creation ? "" :
				 printable_copy(e->file, file, sizeof(file)),
		words[e->what], printable_copy(e->comm, comm, sizeof(comm)),
		e->pid, e->tid, e->uid);
	if (e->tries)
		fprintf(out, "; begun again %u time%s within %llu us", e->tries,
			e->tries == 1 ? "" : "s", e->waited / 1000);
	report_line_end(r, "guard");
}

/* (Another version of the guard may have another event.) */
static int on_event(void *context, void *data, size_t size)
{
	struct guarded *g = context;
	const struct event_guard *e = data;
	char time[REPORT_STAMP];

	if (size < sizeof(*e) || e->what >= EVENT_GUARD_WHATS ||
	    !g->wants(g->arg, e))
		return 0;
	g->told++;
	metrics_guard(g->metrics, e->what);
	if (g->report->json) {
		report_stamp(g->report, e->time, time);
		put_event(e, time);
	} else {
		print_event(g->report, e);
	}
	return 0;
}

/* ---- The ring --------------------------------------------------------- */

static void leave(struct guarded *g)
{
	if (!g->ring)
		return;
	ring_buffer__free(g->ring);
	close(g->lock);
	g->ring = NULL;
}

static int become_reader(void)
{
	int fd = open(READER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || !flock(fd, LOCK_EX | LOCK_NB))
		return fd;
	close(fd);
	return -1;
}

static struct ring_buffer *open_ring(struct guarded *g)
{
	struct ring_buffer *ring;
	int fd = bpf_obj_get(RING);

	if (fd < 0)
		return NULL;
	ring = ring_buffer__new(fd, on_event, g, NULL);
	close(fd);
	return ring;
}

static void look(struct guarded *g, double now)
{
	struct stat st;

	g->looked_at = now;
	if (stat(READER, &st)) {
		leave(g);
		return;
	}
	if (g->ring && g->inode == st.st_ino)
		return;
	leave(g);
	g->lock = become_reader();
	if (g->lock < 0)
		return;
	g->ring = open_ring(g);
	g->inode = st.st_ino;
	if (!g->ring)
		close(g->lock);
}

void guarded_begin(struct guarded *g, double now)
{
	look(g, now);
}

void guarded_report(struct guarded *g, double now)
{
	if (g->ring)
		ring_buffer__consume(g->ring);
	if (now - g->looked_at >= look_s)
		look(g, now);
}

void guarded_end(struct guarded *g)
{
	if (g->ring)
		ring_buffer__consume(g->ring);
	leave(g);
}
