/* SPDX-License-Identifier: MIT */
/* What else is preloaded: a library that wraps exec itself gets our calls. */
#ifndef CLI_PRELOADS_H
#define CLI_PRELOADS_H

/* Prints a line for each in LD_PRELOAD and /etc/ld.so.preload that may. */
void preloads_print_limits(void);

#endif
