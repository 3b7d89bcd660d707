/* SPDX-License-Identifier: MIT */
#include "elfmap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int elfmap_open(const char *path, struct elfmap *map)
{
	struct stat st;
	void *p = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	int saved;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && st.st_size > 0)
		p = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	saved = errno;
	close(fd);
	errno = saved;
	if (p == MAP_FAILED)
		return -1;
	map->buf = p ? p : (const unsigned char *)"";
	map->len = p ? (size_t)st.st_size : 0;
	return 0;
}

void elfmap_close(struct elfmap *map)
{
	if (map->len)
		munmap((void *)map->buf, map->len);
}

int elfmap_header(const char *path, struct elffile *out)
{
	struct elfmap map;
	int ret;

	if (elfmap_open(path, &map) != 0)
		return -1;
	ret = elffile_parse(map.buf, map.len, out);
	out->interp = out->soname = NULL;
	elfmap_close(&map);
	return ret;
}

int elfmap_loader(const char *path, char loader[PATH_MAX])
{
	struct elffile elf = { 0 };
	struct elfmap map;
	int n = -1;

	if (elfmap_open(path, &map) != 0)
		return -1;
	if (elffile_parse(map.buf, map.len, &elf) == 0 && elf.interp)
		n = snprintf(loader, PATH_MAX, "%s", elf.interp);
	elfmap_close(&map);
	return n > 0 && n < PATH_MAX ? 0 : -1;
}
