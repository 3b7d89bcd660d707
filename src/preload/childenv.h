/* SPDX-License-Identifier: MIT */
/*
 * `clonexec run --no-inherit`: the environment of a program that is started
 * without the shim in it.  Other preloads stay.  Children by way of system,
 * popen and posix_spawn do not come through here: those still get it, and
 * the children that they exec do not.
 */
#ifndef PRELOAD_CHILDENV_H
#define PRELOAD_CHILDENV_H

#include <stddef.h>

struct childenv {
	size_t entries; /* of the array to be filled, with its NULL */
	size_t bytes;	/* of the text to be filled */
};

/* Both, in bytes. */
static inline size_t childenv_size(struct childenv room)
{
	return room.entries * sizeof(char *) + room.bytes + 1;
}

/* How much room childenv_fill() needs; entries is 0 if nothing changes. */
struct childenv childenv_measure(char *const *envp);

/*
 * Fills array and text, no further than measured: what another thread adds
 * to the environment meanwhile is left out.
 */
void childenv_fill(char *const *envp, struct childenv room, char **array,
		   char *text);

#endif
