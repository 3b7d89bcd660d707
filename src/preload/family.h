/* SPDX-License-Identifier: MIT */
/*
 * The exec functions that the shim replaces, as a program may call them.
 * unistd.h is not for us: its attributes promise that callers pass no NULL,
 * and where they do all the same, gcc drops the checks with which libc's own
 * functions answer EINVAL.
 */
#ifndef PRELOAD_FAMILY_H
#define PRELOAD_FAMILY_H

int execve(const char *path, char *const argv[], char *const envp[]);
int execv(const char *path, char *const argv[]);
int execvp(const char *file, char *const argv[]);
int execvpe(const char *file, char *const argv[], char *const envp[]);
/* musl's execvp calls this. */
int __execvpe(const char *file, char *const argv[], char *const envp[]);
int execl(const char *path, const char *arg, ...);
int execlp(const char *file, const char *arg, ...);
int execle(const char *path, const char *arg, ...);
int fexecve(int fd, char *const argv[], char *const envp[]);
int execveat(int dirfd, const char *path, char *const argv[],
	     char *const envp[], int flags);

/* The same behind the auditor: execlibc.c. */
int clonexec_libc_execve(const char *path, char *const argv[],
			 char *const envp[]);
int clonexec_libc_execv(const char *path, char *const argv[]);
int clonexec_libc_execvp(const char *file, char *const argv[]);
int clonexec_libc_execvpe(const char *file, char *const argv[],
			  char *const envp[]);
int clonexec_libc___execvpe(const char *file, char *const argv[],
			    char *const envp[]);
int clonexec_libc_execl(const char *path, const char *arg, ...);
int clonexec_libc_execlp(const char *file, const char *arg, ...);
int clonexec_libc_execle(const char *path, const char *arg, ...);
int clonexec_libc_fexecve(int fd, char *const argv[], char *const envp[]);
int clonexec_libc_execveat(int dirfd, const char *path, char *const argv[],
			   char *const envp[], int flags);

#endif
