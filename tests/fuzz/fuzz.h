/* SPDX-License-Identifier: MIT */
/* What the fuzz targets share. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a fuzzer takes for a find. */
#define fuzz_check(condition)                                             \
	do {                                                              \
		if (!(condition)) {                                       \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, \
				#condition);                              \
			abort();                                          \
		}                                                         \
	} while (0)

/*
 * The input as strings that NUL bytes end, each in an allocation of its own
 * size, so that a sanitizer sees the first byte past it; `first` (or nothing,
 * if NULL) before them.  A NULL ends the vector.
 */
char **fuzz_strings(const uint8_t *data, size_t size, const char *first,
		    size_t *count);
void fuzz_strings_free(char **strings);

#endif
