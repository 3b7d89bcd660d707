/* SPDX-License-Identifier: MIT */
#include "counters.h"

#include <stdlib.h>

#include "watch.skel.h"

enum { MAX_CPUS = 4096 };

unsigned long long counters_read(const struct hooks *h,
				 enum event_counter which)
{
	int cpu, cpus = libbpf_num_possible_cpus();
	unsigned long long sum = 0, *value;
	unsigned int key = which;

	if (cpus <= 0 || cpus > MAX_CPUS)
		return 0;
	value = calloc((size_t)cpus, sizeof(*value));
	if (!value)
		return 0;
	if (!bpf_map__lookup_elem(h->skeleton->maps.counters, &key, sizeof(key),
				  value, (size_t)cpus * sizeof(*value), 0))
		for (cpu = 0; cpu < cpus; cpu++)
			sum += value[cpu];
	free(value);
	return sum;
}

unsigned long long counters_dropped(const struct hooks *h)
{
	return counters_read(h, EVENT_DROPPED) + hooks_missed(h);
}
