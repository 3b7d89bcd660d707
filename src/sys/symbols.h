/* SPDX-License-Identifier: MIT */
/* The objects that came with the program, and what they define. */
#ifndef CX_SYMBOLS_H
#define CX_SYMBOLS_H

#include <link.h>

/* The program itself; NULL where there is no loader. */
const struct link_map *cx_symbols_first(void);

/* The address of a function that the object defines, or NULL.  The object has
   been relocated, for it may be asked which of several is the one. */
void *cx_symbols_find(const struct link_map *map, const char *name);

/* Whether it defines one, also before it has been relocated. */
int cx_symbols_defines(const struct link_map *map, const char *name);

/* Whether it is a libc, by its file's name: to look into it costs
   microseconds. */
int cx_symbols_is_libc(const struct link_map *map);

#endif
