/* SPDX-License-Identifier: MIT */
#include "pins.h"

#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define FILE_SYSTEM "/sys/fs/bpf"

enum { MAGIC = (int)0xcafe4a11, NAME = sizeof(PINS_DIRECTORY) + NAME_MAX + 2 };

static int say(char *why, size_t size, const char *what, const char *path)
{
	int error = -errno;

	snprintf(why, size, "%s %s: %s", what, path, strerror(-error));
	return error;
}

/* ---- The directory ---------------------------------------------------- */

/* 0; -ENOENT if it is not there. */
static int check_directory(char *why, size_t size)
{
	struct stat st;

	if (lstat(PINS_DIRECTORY, &st))
		return say(why, size, "cannot look at", PINS_DIRECTORY);
	if (S_ISDIR(st.st_mode) && st.st_uid == 0 && !(st.st_mode & 077))
		return 0;
	snprintf(why, size, PINS_DIRECTORY " is not root's alone: remove it");
	return -EPERM;
}

static int check_file_system(char *why, size_t size)
{
	struct statfs fs;

	if (!statfs(FILE_SYSTEM, &fs) && (int)fs.f_type == MAGIC)
		return 0;
	snprintf(why, size, "there is no bpf file system: mount -t bpf bpf %s",
		 FILE_SYSTEM);
	return -ENODEV;
}

/* Not the file system's own directory, which others may be able to lock. */
int pins_lock(int make, char *why, size_t size)
{
	int error = check_file_system(why, size), fd;

	if (error)
		return error;
	if (make && mkdir(PINS_DIRECTORY, 0700) && errno != EEXIST)
		return say(why, size, "cannot make", PINS_DIRECTORY);
	error = check_directory(why, size);
	if (error)
		return error;
	fd = open(PINS_DIRECTORY, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return say(why, size, "cannot open", PINS_DIRECTORY);
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return fd;
	close(fd);
	snprintf(why, size, "another start or stop is under way");
	return -EAGAIN;
}

static void name_of(char path[NAME], const char *name)
{
	snprintf(path, NAME, PINS_DIRECTORY "/%.255s", name);
}

int pins_clear(char *why, size_t size)
{
	DIR *dir = opendir(PINS_DIRECTORY);
	struct dirent *entry;
	char path[NAME];
	int error = 0;

	if (!dir)
		return say(why, size, "cannot read", PINS_DIRECTORY);
	while (!error && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		name_of(path, entry->d_name);
		if (unlink(path))
			error = say(why, size, "cannot remove", path);
	}
	closedir(dir);
	return error;
}

int pins_remove(char *why, size_t size)
{
	int error = pins_clear(why, size);

	if (!error && rmdir(PINS_DIRECTORY))
		error = say(why, size, "cannot remove", PINS_DIRECTORY);
	return error;
}

/* ---- Pinning ---------------------------------------------------------- */

/* Of the maps those that have a name of ours: no ".rodata". */
static int pin_all(const struct load *l)
{
	struct bpf_map *map;
	char path[NAME];
	int i, error;

	for (i = 0; i < l->links; i++) {
		name_of(path, l->name[i]);
		error = bpf_link__pin(l->link[i], path);
		if (error)
			return error;
	}
	bpf_object__for_each_map(map, l->object)
	{
		if (strchr(bpf_map__name(map), '.'))
			continue;
		name_of(path, bpf_map__name(map));
		error = bpf_map__pin(map, path);
		if (error)
			return error;
	}
	return 0;
}

int pins_make(const struct load *l, char *why, size_t size)
{
	int error = pin_all(l);

	if (error)
		snprintf(why, size,
			 "cannot make pins in " PINS_DIRECTORY ": %s",
			 strerror(-error));
	return error;
}

/* ---- The maps --------------------------------------------------------- */

static int open_map(const char *name, char *why, size_t size)
{
	char path[NAME];
	int fd;

	name_of(path, name);
	fd = bpf_obj_get(path);
	if (fd >= 0)
		return fd;
	errno = -fd;
	return say(why, size, "cannot open", path);
}

int pins_open(struct pins *pins, char *why, size_t size)
{
	int error = check_directory(why, size);

	pins->about = pins->counters = -1;
	if (error)
		return error;
	error = pins->about = open_map("about", why, size);
	if (error >= 0)
		error = pins->counters = open_map("counters", why, size);
	if (error >= 0)
		return 0;
	pins_close(pins);
	/* Not -ENOENT: it is on in part. */
	return error == -ENOENT ? -EIO : error;
}

void pins_close(struct pins *pins)
{
	if (pins->about >= 0)
		close(pins->about);
	if (pins->counters >= 0)
		close(pins->counters);
	pins->about = pins->counters = -1;
}

int pins_read_about(const struct pins *pins, struct guard_about *about)
{
	unsigned int key = 0;

	return bpf_map_lookup_elem(pins->about, &key, about);
}

int pins_write_about(const struct pins *pins, const struct guard_about *about)
{
	unsigned int key = 0;

	return bpf_map_update_elem(pins->about, &key, about, BPF_ANY);
}

int pins_read_counters(const struct pins *pins,
		       unsigned long long counters[GUARD_COUNTERS])
{
	unsigned int key;
	int error = 0;

	for (key = 0; key < GUARD_COUNTERS && !error; key++)
		error = bpf_map_lookup_elem(pins->counters, &key,
					    &counters[key]);
	return error;
}
