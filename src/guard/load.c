/* SPDX-License-Identifier: MIT */
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "guard-explicit.skel.h"
#include "guard-implicit.skel.h"
#include "guard-without.skel.h"

/* A bound of time is one of tries as well: see guard.h. */
enum { EXEC_TRIES = 50, CREATION_TRIES = 500, CREATION_PART = 4 };

#define MS 1000000ULL

static struct bpf_object *open_object(enum machine_restart restart)
{
	const void *bytes;
	size_t size;

	if (restart == MACHINE_IMPLICIT)
		bytes = guard_implicit__elf_bytes(&size);
	else if (restart == MACHINE_EXPLICIT)
		bytes = guard_explicit__elf_bytes(&size);
	else
		bytes = guard_without__elf_bytes(&size);
	return bpf_object__open_mem(bytes, size, NULL);
}

static int is_wanted(const char *program, const struct load_wanted *wanted)
{
	if (!strcmp(program, "guard_newtask"))
		return wanted->scope == GUARD_TASKS;
	if (!strcmp(program, "guard_exec") ||
	    !strcmp(program, "guard_creation"))
		return wanted->mode == GUARD_RESTART;
	return wanted->mode != GUARD_RESTART;
}

/* What is not needed need not be possible here either. */
static int is_needed(const char *map, const struct load_wanted *wanted)
{
	if (!strcmp(map, "scope"))
		return wanted->scope == GUARD_TASKS;
	if (!strcmp(map, "cgroups"))
		return wanted->scope == GUARD_IN_CGROUP;
	return 1;
}

/* The constants that the verifier sees. */
static int configure(struct bpf_object *object,
		     const struct load_wanted *wanted)
{
	struct guard_config *config = NULL;
	struct bpf_map *map;
	size_t size = 0;

	bpf_object__for_each_map(map, object) if (strstr(bpf_map__name(map),
							 ".rodata"))
		config = (void *)bpf_map__initial_value(map, &size);
	if (!config || size < sizeof(*config))
		return -EINVAL;
	config->mode = wanted->mode;
	config->strict = wanted->strict != 0;
	config->scope = wanted->scope;
	config->exec_tries = EXEC_TRIES;
	config->creation_tries = CREATION_TRIES;
	config->exec_ns = (unsigned long long)wanted->bound_ms * MS;
	config->creation_ns = config->exec_ns / CREATION_PART;
	return 0;
}

static int load(struct load *l, const struct load_wanted *wanted)
{
	struct bpf_program *p;
	struct bpf_map *map;
	int error;

	l->object = open_object(wanted->restart);
	if (!l->object)
		return -errno;
	error = configure(l->object, wanted);
	if (error)
		return error;
	bpf_object__for_each_program(p, l->object) bpf_program__set_autoload(
		p, is_wanted(bpf_program__name(p), wanted));
	bpf_object__for_each_map(
		map, l->object) if (!is_needed(bpf_map__name(map), wanted))
		bpf_map__set_autocreate(map, false);
	return bpf_object__load(l->object);
}

static int attach(struct load *l)
{
	struct bpf_program *p;

	bpf_object__for_each_program(p, l->object)
	{
		if (!bpf_program__autoload(p))
			continue;
		l->link[l->links] = bpf_program__attach(p);
		if (!l->link[l->links])
			return -errno;
		l->name[l->links++] = bpf_program__name(p);
	}
	return 0;
}

static void say_why(int error, int loaded, char *why, size_t size)
{
	snprintf(why, size, "the kernel refuses to %s an LSM program: %s (%s)",
		 loaded ? "attach" : "load", strerror(-error),
		 error == -EPERM ? "lockdown, or a policy of this machine" :
				   "needs CONFIG_BPF_LSM; -v tells more");
}

int load_open(struct load *l, const struct load_wanted *wanted, char *why,
	      size_t size)
{
	int error, loaded;

	memset(l, 0, sizeof(*l));
	error = load(l, wanted);
	loaded = !error;
	if (loaded)
		error = attach(l);
	if (!error)
		return 0;
	say_why(error, loaded, why, size);
	load_close(l);
	return error;
}

void load_close(struct load *l)
{
	int i;

	for (i = 0; i < l->links; i++)
		bpf_link__destroy(l->link[i]);
	bpf_object__close(l->object);
	memset(l, 0, sizeof(*l));
}

int load_map(const struct load *l, const char *name)
{
	return bpf_object__find_map_fd_by_name(l->object, name);
}
