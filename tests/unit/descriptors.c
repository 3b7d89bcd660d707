/* SPDX-License-Identifier: MIT */
/* cx_regain() needs one descriptor: it says so, and gives it back. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <clonexec.h>

#include "tap.h"

static char *argv[] = { "x", NULL };

static int next_descriptor(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	check(fd >= 0, "/dev/null: %s", strerror(errno));
	close(fd);
	return fd;
}

static void none_left(void)
{
	int fd = next_descriptor();
	struct rlimit limit = { (rlim_t)fd, (rlim_t)fd };

	errno = 0;
	check(cx_regain(1, argv) == 0 && errno == 0, "the control: %s",
	      strerror(errno));
	check(setrlimit(RLIMIT_NOFILE, &limit) == 0, "no limit");
	check(cx_regain(1, argv) == -1 && errno == EMFILE, "%s",
	      strerror(errno));
}

static void given_back(void)
{
	int before = next_descriptor();

	check(cx_regain(1, argv) == 0, "%s", strerror(errno));
	check(next_descriptor() == before, "%d is still open", before);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "no descriptor is left: EMFILE", none_left, 10 },
		{ "the descriptor is given back", given_back, 10 },
	};

	return tap_main(cases);
}
