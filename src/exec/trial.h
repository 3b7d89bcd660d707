/* SPDX-License-Identifier: MIT */
/* Would a filter kill for what an exec needs?  Found out where it harms
   nobody. */
#ifndef CX_TRIAL_H
#define CX_TRIAL_H

/* Bits: what can be tried. */
enum {
	TRIAL_UNSHARE = 1, /* unshare(CLONE_FS): is it allowed? */
	TRIAL_HELPER = 2,  /* what the helper calls: does it survive? */
};

/*
 * Tries what is in the set, in the order above, and returns the first that
 * works; 0 if nothing does, or if no child can be made to try it in: what it
 * would have died of is not known then.
 */
int cx_trial(int set);

#endif
