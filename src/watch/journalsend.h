/* SPDX-License-Identifier: MIT */
/* The way into systemd's journal; journalsend-none.c where libsystemd was not
   there when this was built. */
#ifndef JOURNALSEND_H
#define JOURNALSEND_H

/* One entry, of fields NAME=value.  1, or 0 if there is no journal. */
int journalsend(const char *const *field, int fields);

#endif
