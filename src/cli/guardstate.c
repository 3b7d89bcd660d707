/* SPDX-License-Identifier: MIT */
#include "guardstate.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bpf(int command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static uint64_t address(const void *p)
{
	return (uint64_t)(uintptr_t)p;
}

/* Elsewhere anybody may have made it. */
static int is_roots(void)
{
	struct stat st;

	return !lstat(GUARD_PINS, &st) && S_ISDIR(st.st_mode) && !st.st_uid &&
	       !(st.st_mode & 077);
}

static int open_map(void)
{
	static const char path[] = GUARD_PINS "/about";
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.pathname = address(path);
	attr.file_flags = BPF_F_RDONLY;
	return bpf(BPF_OBJ_GET, &attr);
}

/* Of another version's the size may be another one. */
static int has_layout(int map)
{
	struct bpf_map_info info;
	union bpf_attr attr;

	memset(&info, 0, sizeof(info));
	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = (uint32_t)map;
	attr.info.info_len = sizeof(info);
	attr.info.info = address(&info);
	return !bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) &&
	       info.value_size == sizeof(struct guard_about);
}

static int read_map(int map, struct guard_about *about)
{
	uint32_t key = 0;
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_fd = (uint32_t)map;
	attr.key = address(&key);
	attr.value = address(about);
	return bpf(BPF_MAP_LOOKUP_ELEM, &attr);
}

int guardstate_look(struct guard_about *about)
{
	int map = is_roots() ? open_map() : -1, found;

	memset(about, 0, sizeof(*about));
	if (map < 0)
		return 0;
	found = has_layout(map) && !read_map(map, about);
	close(map);
	/* (The last byte, should somebody else have written it.) */
	about->cgroup[sizeof(about->cgroup) - 1] = '\0';
	return found && about->layout == GUARD_LAYOUT && about->since;
}

int guardstate_is_hidden(void)
{
	struct stat st;

	return lstat(GUARD_PINS "/about", &st) && errno == EACCES;
}

int guardstate_is_for_all(const struct guard_about *about)
{
	return about->mode == GUARD_RESTART && !about->cgroup_id;
}

int guardstate_covers_all(void)
{
	struct guard_about about;

	return guardstate_look(&about) && guardstate_is_for_all(&about);
}

const char *guardstate_mode(const struct guard_about *about)
{
	static const char *const names[] = { "restart", "deny", "count" };

	return about->mode <= GUARD_COUNT ? names[about->mode] : "unknown";
}
