/* SPDX-License-Identifier: MIT */
/* A string that may be no string at all, copied as far as it can be read. */
#include "arguments.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tap.h"

/* Two pages of letters, of which nobody can read the second. */
static char *page_before_nothing(size_t page)
{
	char *map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	check(map != MAP_FAILED, "mmap");
	memset(map, 'a', page);
	check(mprotect(map + page, page, PROT_NONE) == 0, "mprotect");
	return map;
}

static void copies(void)
{
	char to[8];

	check(cx_arguments_copy(to, sizeof to, "four") == 0 &&
		      !strcmp(to, "four"),
	      "four: %s", to);
	check(cx_arguments_copy(to, sizeof to, "") == 0 && !*to, "none: %s",
	      to);
	check(cx_arguments_copy(to, sizeof to, "a long string") == 0 &&
		      !strcmp(to, "a long "),
	      "cut: %s", to);
}

static void ends_at_a_page(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *map = page_before_nothing(page), to[16];

	check(cx_arguments_copy(to, sizeof to, map + page - 3) == 0 &&
		      !strcmp(to, "aaa"),
	      "three of the last page: %s", to);
	munmap(map, 2 * page);
}

static void unreadable(void)
{
	char to[8] = "old";
	char *volatile nowhere = (char *)8;

	check(cx_arguments_copy(to, sizeof to, nowhere) == -EFAULT && !*to,
	      "8: %s", to);
	nowhere = NULL;
	check(cx_arguments_copy(to, sizeof to, nowhere) == -EFAULT, "NULL");
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "a string, none, one that is too long", copies, 10 },
		{ "as far as it can be read", ends_at_a_page, 10 },
		{ "none that can be read", unreadable, 10 },
	};

	return tap_main(cases);
}
