/* SPDX-License-Identifier: MIT */
/* fexecve where the kernel, or a filter, says that it has no execveat. */
#ifndef CX_EXECFD_H
#define CX_EXECFD_H

/* Which libc's fexecve is stood for. */
enum execfd_rules {
	EXECFD_NOT, /* the call is not fexecve: ENOSYS is its answer */
	EXECFD_GLIBC,
	EXECFD_MUSL,
};

/*
 * Executes the file by its name below /proc/self/fd, as both libcs do then.
 * Returns the -errno that the libc's fexecve fails with.  May run on the
 * helper, which has the caller's descriptors.
 */
int cx_execfd(int fd, char *const *argv, char *const *envp,
	      enum execfd_rules rules);

#endif
