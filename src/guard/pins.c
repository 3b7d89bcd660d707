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

enum { MAGIC = (int)0xcafe4a11, NAME = 64 + NAME_MAX };

/* (A name there has no dot.) */
static const char *const directory[PINS_PLACES] = {
	[PINS_IN_FORCE] = GUARD_PINS,
	[PINS_NEXT] = GUARD_PINS "-next",
};

static int say(char *why, size_t size, const char *what, const char *path)
{
	int error = -errno;

	snprintf(why, size, "%s %s: %s", what, path, strerror(-error));
	return error;
}

/* ---- The directory ---------------------------------------------------- */

/* 0; -ENOENT if it is not there. */
static int check_directory(const char *path, char *why, size_t size)
{
	struct stat st;

	if (lstat(path, &st))
		return say(why, size, "cannot look at", path);
	if (S_ISDIR(st.st_mode) && st.st_uid == 0 && !(st.st_mode & 077))
		return 0;
	snprintf(why, size, "%s is not root's alone: remove it", path);
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

/* Whether it is still the one that has that name: it may have been exchanged
   for another one before the lock was there. */
static int has_name(int fd, const char *path)
{
	struct stat opened, named;

	return !fstat(fd, &opened) && !lstat(path, &named) &&
	       opened.st_ino == named.st_ino;
}

/* Not the file system's own directory, which others may be able to lock. */
int pins_lock(enum pins_place place, int make, char *why, size_t size)
{
	const char *path = directory[place];
	int error = check_file_system(why, size), fd;

	if (error)
		return error;
	if (make && mkdir(path, 0700) && errno != EEXIST)
		return say(why, size, "cannot make", path);
	error = check_directory(path, why, size);
	if (error)
		return error;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return say(why, size, "cannot open", path);
	if (!flock(fd, LOCK_EX | LOCK_NB) && has_name(fd, path))
		return fd;
	close(fd);
	snprintf(why, size, "another start or stop is under way");
	return -EAGAIN;
}

static void name_of(char path[NAME], enum pins_place place, const char *name)
{
	snprintf(path, NAME, "%s/%.255s", directory[place], name);
}

int pins_clear(enum pins_place place, char *why, size_t size)
{
	DIR *dir = opendir(directory[place]);
	struct dirent *entry;
	char path[NAME];
	int error = 0;

	if (!dir)
		return say(why, size, "cannot read", directory[place]);
	while (!error && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		name_of(path, place, entry->d_name);
		if (remove(path))
			error = say(why, size, "cannot remove", path);
	}
	closedir(dir);
	return error;
}

int pins_remove(enum pins_place place, char *why, size_t size)
{
	int error = check_directory(directory[place], why, size);

	if (error)
		return error == -ENOENT ? 0 : error;
	error = pins_clear(place, why, size);
	if (!error && rmdir(directory[place]))
		error = say(why, size, "cannot remove", directory[place]);
	return error;
}

int pins_exchange(char *why, size_t size)
{
	if (!renameat2(AT_FDCWD, directory[PINS_NEXT], AT_FDCWD,
		       directory[PINS_IN_FORCE], RENAME_EXCHANGE))
		return 0;
	return say(why, size, "cannot exchange the pins in",
		   directory[PINS_NEXT]);
}

/* ---- Pinning ---------------------------------------------------------- */

/* Of the maps those that have a name of ours (no ".rodata") and are there. */
static int pin_all(enum pins_place place, const struct load *l)
{
	struct bpf_map *map;
	char path[NAME];
	int i, error;

	for (i = 0; i < l->links; i++) {
		name_of(path, place, l->name[i]);
		error = bpf_link__pin(l->link[i], path);
		if (error)
			return error;
	}
	bpf_object__for_each_map(map, l->object)
	{
		if (strchr(bpf_map__name(map), '.') ||
		    !bpf_map__autocreate(map))
			continue;
		name_of(path, place, bpf_map__name(map));
		error = bpf_map__pin(map, path);
		if (error)
			return error;
	}
	/* (A pin cannot be locked.) */
	name_of(path, place, "reader");
	return mkdir(path, 0700) ? -errno : 0;
}

int pins_make(enum pins_place place, const struct load *l, char *why,
	      size_t size)
{
	int error = pin_all(place, l);

	if (error)
		snprintf(why, size, "cannot make pins in %s: %s",
			 directory[place], strerror(-error));
	return error;
}

/* ---- The maps --------------------------------------------------------- */

static int open_map(enum pins_place place, const char *name, char *why,
		    size_t size)
{
	char path[NAME];
	int fd;

	name_of(path, place, name);
	fd = bpf_obj_get(path);
	if (fd >= 0)
		return fd;
	errno = -fd;
	return say(why, size, "cannot open", path);
}

int pins_open(enum pins_place place, struct pins *pins, char *why, size_t size)
{
	int error = check_directory(directory[place], why, size);

	pins->about = pins->counters = -1;
	if (error)
		return error;
	error = pins->about = open_map(place, "about", why, size);
	if (error >= 0)
		error = pins->counters = open_map(place, "counters", why, size);
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
	struct bpf_map_info info = { 0 };
	unsigned int key = 0, size = sizeof(info);
	int error = bpf_obj_get_info_by_fd(pins->about, &info, &size);

	if (!error && info.value_size != sizeof(*about))
		return -EPROTO;
	if (!error)
		error = bpf_map_lookup_elem(pins->about, &key, about);
	return error || about->layout == GUARD_LAYOUT ? error : -EPROTO;
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
