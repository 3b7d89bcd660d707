/* SPDX-License-Identifier: MIT */
/* ^C: what is known so far is still told, and then the command dies of it. */
#ifndef INTERRUPT_H
#define INTERRUPT_H

/* From here on the first SIGINT is remembered; the second one kills.  One that
   is ignored stays so. */
void interrupt_catch(void);

int interrupt_seen(void);

/* Dies by SIGINT if it was seen, so that a script that called us ends, too. */
void interrupt_obey(void);

#endif
