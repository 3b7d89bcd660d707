/* SPDX-License-Identifier: MIT */
/*
 * initgroups(3) while the directory of groups is slow: an exec in another
 * thread does not wait for it.  Prints the groups, and "waited" if it did.
 * The directory is slowgroups.so, which answers when it is told to.
 */
#include <grp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int slowgroups_asked = -1, slowgroups_answer = -1;

static void *init(void *arg)
{
	if (initgroups("root", 7))
		perror("initgroups");
	return arg;
}

/* What the lock waits for at most is two seconds. */
static int waited(const struct timespec *from)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - from->tv_sec >= 2;
}

int main(void)
{
	char *args[] = { (char *)"x", NULL };
	int asked[2], answer[2], i, n, all = 0;
	struct timespec t;
	gid_t groups[64];
	pthread_t thread;
	char c;

	/* A busy machine may be slow once, but not each time. */
	for (i = 0; i < 5; i++) {
		if (pipe(asked) || pipe(answer))
			return 1;
		slowgroups_asked = asked[1];
		slowgroups_answer = answer[0];
		pthread_create(&thread, NULL, init, NULL);
		if (getenv("SLOWGROUPS") && read(asked[0], &c, 1) != 1)
			return 1;
		clock_gettime(CLOCK_MONOTONIC, &t);
		execv("/nowhere", args);
		all += waited(&t);
		if (write(answer[1], "x", 1) != 1)
			return 1;
		pthread_join(thread, NULL);
	}
	n = getgroups(64, groups);
	for (i = 0; i < n; i++)
		printf("%d ", (int)groups[i]);
	printf("\n%s\n", all == 5 ? "waited" : "did not wait");
	return 0;
}
