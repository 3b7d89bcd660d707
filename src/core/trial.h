/* SPDX-License-Identifier: MIT */
/* What would unshare(CLONE_FS) do here?  Found out where it harms nobody. */
#ifndef CX_TRIAL_H
#define CX_TRIAL_H

/*
 * 1 if it is allowed.  0 if it is refused, or kills, or if no child could be
 * made to try it in.
 */
int cx_trial_unshare_works(void);

#endif
