/* SPDX-License-Identifier: MIT */
/*
 * The targets of the race: copies of one small program, each of which gets
 * its privileges from exec in another way, and the judgement of what they
 * say.  Functions return 0 or -errno and print nothing.
 */
#ifndef TARGET_H
#define TARGET_H

#include <limits.h>
#include <sys/types.h>

enum target_kind {
	TARGET_SETUID,	 /* mode 4755, owner root */
	TARGET_SETGID,	 /* mode 2755, a group that is not the caller's */
	TARGET_FILECAPS, /* cap_net_raw+ep in security.capability */
	TARGET_USERNS,	 /* nothing in the file: root of a user namespace that
			    has dropped its capabilities regains them */
	TARGET_KINDS
};

enum target_verdict {
	TARGET_KEPT,  /* the program has what its file grants */
	TARGET_LOST,  /* it runs, but without */
	TARGET_BROKEN /* neither: it did not run, or said nonsense */
};

/* Who calls exec, and so who may reach the copies. */
struct target_caller {
	uid_t uid;
	gid_t gid;
};

/* The copies have no name: a path leads to an open file of this process, and
   of each that it forks. */
struct targets {
	char path[TARGET_KINDS][PATH_MAX];
	int fd[TARGET_KINDS];	 /* closed by an exec */
	int error[TARGET_KINDS]; /* 0: the copy is there; else -errno */
};

/*
 * Makes the copies, as files without a name in the file system of $TMPDIR,
 * /var/tmp or /tmp (the first that is neither nosuid nor noexec).  A copy
 * that cannot be made (no root, no such file capability) says why in error[];
 * -EACCES is returned if there is no such place at all, -ENOSYS without
 * /proc, through which they are executed.
 *
 * So nothing set-uid is left behind by kill -9, nor if all of a container is
 * killed at once, and no stranger can come upon it (nameless.h).
 */
int targets_make(struct targets *t, const struct target_caller *caller);
/* The same, of another program that says the same line. */
int targets_make_of(struct targets *t, const struct target_caller *caller,
		    const char *image, size_t size);
void targets_remove(struct targets *t);

const char *target_name(enum target_kind kind);
const char *target_verdict_name(enum target_verdict verdict);

/* Judges the target's line. */
enum target_verdict target_judge(enum target_kind kind, const char *line);

#endif
