/* SPDX-License-Identifier: MIT */
/* Copies of this code in the process whose locks an exec of ours cannot take
   (copies.h).  It asks the loader, which may wait for another thread. */
#ifndef CX_STRANGERS_H
#define CX_STRANGERS_H

int cx_strangers_count(void);

#endif
