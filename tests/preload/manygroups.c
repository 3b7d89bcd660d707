/* SPDX-License-Identifier: MIT */
/*
 * initgroups(3) of a user ("many") in a process with threads, as root: what it
 * answers, and how many groups there are then.  With an argument there are
 * 64 to 128 KB left to map, and the shim would map 256 KB for glibc.
 */
#include <errno.h>
#include <grp.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

static void *idle(void *arg)
{
	for (;;)
		pause();
	return arg;
}

/* What libc needs by itself it asks for before. */
static int use_up(void)
{
	struct rlimit limit = { 200 << 20, 200 << 20 };
	gid_t groups[1];
	void *map, *last = MAP_FAILED;
	size_t n;

	getgroups(0, groups);
	if (setrlimit(RLIMIT_AS, &limit))
		return -1;
	for (n = 1 << 20; n >= 1 << 16; n /= 2)
		while ((map = mmap(NULL, n, PROT_NONE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) !=
		       MAP_FAILED)
			last = map;
	/* libc's own needs some pages, too. */
	return munmap(last, 1 << 16);
}

int main(int argc, char **argv)
{
	static gid_t groups[256];
	pthread_t t;
	int r;

	setvbuf(stdout, NULL, _IONBF, 0);
	if (setgroups(0, NULL) || pthread_create(&t, NULL, idle, NULL) ||
	    (initgroups("root", 0), argc > 1 && use_up()))
		return 2;
	errno = 0;
	r = initgroups("many", 12345);
	printf("%d, %s, %d\n", r, r ? strerror(errno) : "",
	       getgroups(256, groups));
	return 0;
}
