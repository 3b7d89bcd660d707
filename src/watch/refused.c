/* SPDX-License-Identifier: MIT */
#include "refused.h"

#include <time.h>

#include "clock.h"
#include "watch.skel.h"

enum { BURST_NS = 1000000000 };

void refused_report(const struct hooks *h, const struct report *r, int all)
{
	const struct bpf_map *map = h->skeleton->maps.refused;
	unsigned int key = 0, next, i, entries = bpf_map__max_entries(map);
	struct event_eagain e;
	void *from = NULL;

	for (i = 0; i < entries; i++) {
		if (bpf_map__get_next_key(map, from, &next, sizeof(next)))
			return;
		if (!bpf_map__lookup_elem(map, &next, sizeof(next), &e,
					  sizeof(e), 0) &&
		    (all || clock_ns() - e.last > BURST_NS)) {
			bpf_map__delete_elem(map, &next, sizeof(next), 0);
			report_eagain(r, next, &e);
			/* The deleted one is no longer a place to go on. */
			from = NULL;
			continue;
		}
		key = next;
		from = &key;
	}
}
