/* SPDX-License-Identifier: MIT */
#include "lsms.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int lsms_read(char list[LSMS_LIST])
{
	int fd = open("/sys/kernel/security/lsm", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, list, LSMS_LIST - 1);

	if (fd >= 0)
		close(fd);
	list[n > 0 ? n : 0] = '\0';
	list[strcspn(list, "\n")] = '\0';
	return n > 0;
}

int lsms_has(const char *list, const char *name)
{
	size_t n;

	for (; *list; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		if (n == strlen(name) && !strncmp(list, name, n))
			return 1;
	}
	return 0;
}
