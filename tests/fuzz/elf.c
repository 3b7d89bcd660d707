/* SPDX-License-Identifier: MIT */
#include "elffile.h"

#include <string.h>

#include "fuzz.h"

/* Any file: no byte outside of it is read, and strings end inside of it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *end = (const char *)data + size;
	struct elffile elf;

	if (elffile_defines_exec(data, size) > 1)
		abort();
	if (elffile_parse(data, size, &elf) != 0)
		return 0;
	if (elf.bits != 32 && elf.bits != 64)
		abort();
	if (elf.interp && elf.interp + strlen(elf.interp) >= end)
		abort();
	if (elf.soname && elf.soname + strlen(elf.soname) >= end)
		abort();
	if (!elf.interp != (elf.libc == ELFFILE_NONE))
		abort();
	return 0;
}
