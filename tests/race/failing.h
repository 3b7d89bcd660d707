/* SPDX-License-Identifier: MIT */
/* Every way to make an exec fail that a test can bring about. */
#ifndef FAILING_H
#define FAILING_H

#include <sys/types.h>

struct failing {
	const char *name;
	/* 0: ours, 1: libc's.  Returns what exec returned. */
	int (*call)(int plain);
	int error;	/* what it must be, so that the case is what it says */
	int residual;	/* cannot be foreseen: unshare leaves a private fs */
};

extern const struct failing failing_ways[];
extern const unsigned int failing_count;

/* The files that they fail on; as root also a noexec mount, for which this
   process gets a mount namespace of its own. */
extern char failing_dir[64];
void failing_make_files(void);
void failing_remove_files(void);
void failing_put(const char *name, const char *text, size_t size,
		 mode_t mode);

#endif
