/* SPDX-License-Identifier: MIT */
/*
 * OpenMP: nested teams are made of new threads each time.  libgomp ends the
 * program when a creation fails.
 */
#include "creators.h"

#include <omp.h>

static void teams(void)
{
	for (;;) {
#pragma omp parallel num_threads(3)
		atomic_fetch_add(&created, 1);
	}
}

int main(int argc, char **argv)
{
	int status = 2;

	if (argc < 2)
		return 2;
	omp_set_max_active_levels(2);
#pragma omp parallel sections num_threads(2)
	{
#pragma omp section
		{
			status = exec_amid(argv, 30);
			_exit(status);
		}
#pragma omp section
		teams();
	}
	return status;
}
