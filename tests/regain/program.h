/* SPDX-License-Identifier: MIT */
/* The program's way to say how often it was started. */
#ifndef PROGRAM_H
#define PROGRAM_H

/* A descriptor that stays open; each start of main leaves a byte there.  Not a
   low one: the frozen clone has reserved the next for its pidfd. */
enum { PROGRAM_STARTS = 200 };

#endif
