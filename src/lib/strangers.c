/* SPDX-License-Identifier: MIT */
#include "strangers.h"

#include <link.h>
#include <stddef.h>

#include "copies.h"

struct count {
	cx_copy *known[CX_COPIES_MAX];
	int known_count, strangers;
};

static int count_stranger(struct dl_phdr_info *object, size_t size, void *arg)
{
	struct count *c = arg;
	cx_copy *copy = cx_copies_in_notes(object->dlpi_addr, object->dlpi_phdr,
					   object->dlpi_phnum);
	int i;

	(void)size;
	if (!copy)
		return 0;
	for (i = 0; i < c->known_count; i++)
		if (c->known[i] == copy)
			return 0;
	c->strangers++;
	return 0;
}

int cx_strangers_count(void)
{
	struct count c = { .strangers = 0 };

	c.known_count = cx_copies_find(c.known);
	dl_iterate_phdr(count_stranger, &c);
	return c.strangers;
}
