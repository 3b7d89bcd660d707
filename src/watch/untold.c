/* SPDX-License-Identifier: MIT */
#include "untold.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "counters.h"
#include "json.h"
#include "printable.h"
#include "watch.skel.h"

/* Between two looks at the counters, and between two lines. */
static const double look_s = 0.1, line_s = 1;

/* ---- Lines ------------------------------------------------------------ */

static void begin_object(struct json *j, const char *event, const char *time)
{
	json_begin_line(j, stdout);
	json_object(j, NULL);
	json_string(j, "event", event);
	json_string(j, "time", time);
}

static void end_object(struct json *j, unsigned long long count)
{
	json_integer(j, "count", (long long)count);
	json_close(j);
	json_end(j);
}

static void tell_dropped(const struct report *r, double now,
			 unsigned long long count)
{
	unsigned long long ns = (unsigned long long)(now * 1e9);
	char time[REPORT_STAMP];
	struct json j;

	if (!r->json) {
		fprintf(report_line(r, ns),
			"DROPPED %llu event%s: no room in the buffer, or the "
			"kernel skipped the hook",
			count, count == 1 ? "" : "s");
		report_line_end(r, "dropped");
		return;
	}
	report_stamp(r, ns, time);
	begin_object(&j, "dropped", time);
	end_object(&j, count);
}

static void tell_withheld(const struct report *r, const struct event_origin *o,
			  const struct event_withheld *w)
{
	char time[REPORT_STAMP], device[32], name[EVENT_COMM];
	int is_exec = o->inode || o->device;
	struct json j;
	FILE *out;

	snprintf(device, sizeof(device), "%u:%u", o->device >> EVENT_MINOR_BITS,
		 o->device & ((1u << EVENT_MINOR_BITS) - 1));
	if (r->json) {
		report_stamp(r, w->last, time);
		begin_object(&j, "withheld", time);
		json_integer(&j, "uid", o->uid);
		json_string(&j, "comm", w->comm);
		json_string(&j, "device", is_exec ? device : NULL);
		json_integer(&j, "inode", (long long)o->inode);
		end_object(&j, w->count);
		return;
	}
	out = report_line(r, w->last);
	fprintf(out, "WITHHELD %llu more event%s of uid %u: ", w->count,
		w->count == 1 ? "" : "s", o->uid);
	if (is_exec)
		fprintf(out, "execs of %s (device %s, inode %llu)",
			printable_copy(w->comm, name, sizeof(name)), device,
			(unsigned long long)o->inode);
	else
		fprintf(out, "thread creations that were refused");
	report_line_end(r, "withheld");
}

/* ---- What there is to tell -------------------------------------------- */

/* What the kernel counts meanwhile must not be lost.  (Linux 5.14; before
   that some may be, and only the sum is right.) */
static int take(const struct bpf_map *map, const struct event_origin *o,
		struct event_withheld *w)
{
	if (!bpf_map__lookup_and_delete_elem(map, o, sizeof(*o), w, sizeof(*w),
					     0))
		return 0;
	if (bpf_map__lookup_elem(map, o, sizeof(*o), w, sizeof(*w), 0))
		return -1;
	return bpf_map__delete_elem(map, o, sizeof(*o), 0);
}

static void tell_origins(const struct hooks *h, const struct report *r)
{
	const struct bpf_map *map = h->skeleton->maps.withheld;
	unsigned int i, entries = bpf_map__max_entries(map);
	struct event_origin origin;
	struct event_withheld w;

	for (i = 0; i < entries; i++) {
		if (bpf_map__get_next_key(map, NULL, &origin, sizeof(origin)))
			return;
		if (!take(map, &origin, &w))
			tell_withheld(r, &origin, &w);
	}
}

void untold_report(struct untold *u, const struct hooks *h,
		   const struct report *r, double now, int all)
{
	unsigned long long dropped, withheld;

	if (!all && now - u->looked_at < look_s)
		return;
	u->looked_at = now;
	dropped = counters_dropped(h);
	withheld = counters_read(h, EVENT_WITHHELD);
	if (dropped > u->dropped && (all || now - u->dropped_at >= line_s)) {
		tell_dropped(r, now, dropped - u->dropped);
		u->dropped = dropped;
		u->dropped_at = now;
	}
	if (withheld > u->withheld && (all || now - u->withheld_at >= line_s)) {
		tell_origins(h, r);
		u->withheld = withheld;
		u->withheld_at = now;
	}
}
