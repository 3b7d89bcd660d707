/* SPDX-License-Identifier: MIT */
/*
 * Each program here takes one sample at a time: a line of words comes in, the
 * sample's numbers go out.  bench/run asks them in turns, so that samples of
 * what is compared stand side by side, whatever language they are in.
 */
#ifndef SERVE_H
#define SERVE_H

enum { SERVE_WORDS_MAX = 12 };

/*
 * Calls sample() for each line of standard input until its end; sample prints
 * its numbers.  If it returns other than 0 the program ends with a message.
 * The words that are missing are "".
 */
int serve(int (*sample)(char **words));

/* CLOCK_MONOTONIC, and the CPU time of the whole process. */
double serve_now_ns(void);
double serve_cpu_ns(void);

/* This process and its children on one CPU, or on all again. */
void serve_pin(int on);

#endif
