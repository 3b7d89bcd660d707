/* SPDX-License-Identifier: MIT */
/* What the figures come to, in a few sentences. */
#ifndef PROBE_VERDICT_H
#define PROBE_VERDICT_H

#include "probe-sum.h"
#include "text.h"

enum { PROBE_SENTENCES = 8 };

struct probe_sentence {
	enum text_colour colour; /* of the head */
	char head[64];
	char rest[200];
};

/* Whether plain execve shows a half of the bug; no luck proves a "no". */
enum probe_answer { PROBE_UNKNOWN, PROBE_NO, PROBE_YES };

enum probe_answer probe_privileges(const struct probe_sum *plain);
enum probe_answer probe_eagain(const struct probe_sum *plain);

/* How many there are. */
int probe_verdict(const struct probe *p,
		  struct probe_sentence sentence[PROBE_SENTENCES]);

#endif
