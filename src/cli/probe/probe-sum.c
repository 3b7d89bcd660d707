/* SPDX-License-Identifier: MIT */
#include "probe-sum.h"

#include <string.h>

void probe_add_up(const struct probe *p, int under, struct probe_sum *sum)
{
	int kind, s;

	memset(sum, 0, sizeof(*sum));
	for (s = 0; s < PROBE_STRATEGIES; s++) {
		if (under != (s != PROBE_NONE))
			continue;
		sum->creations += p->stopped[s].created + p->stopped[s].refused;
		sum->refused += p->stopped[s].refused;
	}
	for (kind = 0; kind < TARGET_KINDS; kind++)
		for (s = 0; s < PROBE_STRATEGIES; s++) {
			const struct probe_cell *cell = &p->cell[kind][s];

			if (under != (s != PROBE_NONE))
				continue;
			sum->tested += cell->frozen_runs || cell->runs ||
				       cell->broken;
			sum->frozen += cell->frozen_runs != 0;
			sum->frozen_lost += cell->frozen_runs &&
					    cell->frozen == TARGET_LOST;
			sum->runs += cell->runs;
			sum->lost += cell->lost;
			sum->eagain += cell->eagain;
			sum->broken += cell->broken;
			sum->asked += cell->asked;
			sum->untold += cell->untold;
			sum->unknown += cell->untold && !cell->runs;
		}
}
