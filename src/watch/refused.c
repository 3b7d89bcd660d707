/* SPDX-License-Identifier: MIT */
#include "refused.h"

#include <stdlib.h>
#include <time.h>

#include "watch.skel.h"

enum { MAX_CPUS = 4096, BURST_NS = 1000000000 };

static unsigned long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (unsigned long long)t.tv_sec * 1000000000ULL +
	       (unsigned long long)t.tv_nsec;
}

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
		    (all || now() - e.last > BURST_NS)) {
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

static unsigned long long counter(const struct hooks *h, unsigned int which)
{
	int cpu, cpus = libbpf_num_possible_cpus();
	unsigned long long sum = 0, *value;

	if (cpus <= 0 || cpus > MAX_CPUS)
		return 0;
	value = calloc((size_t)cpus, sizeof(*value));
	if (!value)
		return 0;
	if (!bpf_map__lookup_elem(h->skeleton->maps.counters, &which,
				  sizeof(which), value,
				  (size_t)cpus * sizeof(*value), 0))
		for (cpu = 0; cpu < cpus; cpu++)
			sum += value[cpu];
	free(value);
	return sum;
}

void refused_counters(const struct hooks *h, struct report_sum *s)
{
	s->dropped = counter(h, EVENT_DROPPED);
	s->eagain = counter(h, EVENT_EAGAIN);
	s->limit = counter(h, EVENT_LIMIT);
}
