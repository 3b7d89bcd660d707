/* SPDX-License-Identifier: MIT */
#include "hooks.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "rights.h"
#include "watch.skel.h"

#ifndef CAP_PERFMON
#define CAP_PERFMON 38 /* Linux 5.8 */
#define CAP_BPF 39
#endif

#define VMLINUX "/sys/kernel/btf/vmlinux"

enum {
	CHOICES = 4,
	BURST = 10, /* seconds' worth of events that may come at once */
};

#define SECOND 1000000000ULL

/* The newest first.  The part after the slash is the kernel's own name. */
static const struct role {
	const char *name;
	struct {
		const char *program, *hook;
	} choice[CHOICES];
} roles[HOOKS] = {
	[HOOK_EXEC] = { "exec",
			{ { "btf_exec", "tp_btf/sched_process_exec" },
			  { "raw_exec", "raw_tp/sched_process_exec" } } },
	[HOOK_PREPARE] = { "prepare",
			   { { "btf_prepare", "tp_btf/sched_prepare_exec" },
			     { "raw_prepare", "raw_tp/sched_prepare_exec" },
			     { "kprobe_prepare", "kprobe/begin_new_exec" } } },
	[HOOK_NEWTASK] = { "newtask",
			   { { "btf_newtask", "tp_btf/task_newtask" },
			     { "raw_newtask", "raw_tp/task_newtask" } } },
	[HOOK_EXIT] = { "exit",
			{ { "btf_exit", "tp_btf/sched_process_exit" },
			  { "raw_exit", "raw_tp/sched_process_exit" } } },
	[HOOK_REFUSED] = { "eagain",
			   { { "fexit_clone", "fexit/kernel_clone" },
			     { "kretprobe_clone", "kretprobe/kernel_clone" },
			     { "btf_return", "tp_btf/sys_exit" },
			     { "raw_return", "raw_tp/sys_exit" } } },
};

const char *hooks_role(enum hook hook)
{
	return roles[hook].name;
}

/* ---- What is missing? ------------------------------------------------- */

static int may_use_bpf(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];
	const uint32_t needed = 1u << (CAP_BPF - 32) | 1u << (CAP_PERFMON - 32);

	if (syscall(SYS_capget, &header, data))
		return 0;
	return (data[0].effective & 1u << CAP_SYS_ADMIN) ||
	       (data[1].effective & needed) == needed;
}

static void say_why(int error, char *why, size_t size)
{
	if ((error == -EPERM || !may_use_bpf()) && !rights_are_the_first())
		snprintf(why, size,
			 "not permitted in a user namespace: needs CAP_BPF and "
			 "CAP_PERFMON, or root, outside of it");
	else if (!may_use_bpf())
		snprintf(why, size,
			 "not permitted: needs CAP_BPF and "
			 "CAP_PERFMON, or root");
	else if (access(VMLINUX, R_OK))
		snprintf(why, size,
			 "no " VMLINUX ": needs Linux 5.8 with "
			 "CONFIG_DEBUG_INFO_BTF=y");
	else
		snprintf(why, size,
			 "the kernel refuses the hooks: %s (needs "
			 "Linux 5.8, CONFIG_BPF_SYSCALL, CONFIG_BPF_EVENTS and "
			 "no lockdown)",
			 strerror(-error));
}

/* ---- Loading and attaching -------------------------------------------- */

/* Which choice of each role; -1 for none. */
typedef int selection[HOOKS];

static int is_selected(const selection s, const char *program)
{
	int hook;

	for (hook = 0; hook < HOOKS; hook++)
		if (s[hook] >= 0 &&
		    !strcmp(program, roles[hook].choice[s[hook]].program))
			return 1;
	return 0;
}

static void set_limits(struct watch_bpf *skeleton,
		       const struct hooks_wanted *wanted)
{
	if (wanted->comm)
		memcpy((char *)skeleton->rodata->watch_comm, wanted->comm,
		       strlen(wanted->comm));
	if (!wanted->limit)
		return;
	skeleton->rodata->watch_interval = SECOND / (uint64_t)wanted->limit;
	skeleton->rodata->watch_burst = BURST * SECOND;
}

static struct watch_bpf *load(const selection s,
			      const struct hooks_wanted *wanted)
{
	struct watch_bpf *skeleton = watch_bpf__open();
	struct bpf_program *p;
	int error;

	if (!skeleton)
		return NULL;
	skeleton->rodata->watch_only_tracked = wanted->only_tracked != 0;
	skeleton->rodata->watch_has_prepare = s[HOOK_PREPARE] >= 0;
	set_limits(skeleton, wanted);
	bpf_map__set_max_entries(skeleton->maps.events,
				 (uint32_t)wanted->buffer_bytes);
	bpf_object__for_each_program(p, skeleton->obj)
		bpf_program__set_autoload(p,
					  is_selected(s, bpf_program__name(p)));
	error = watch_bpf__load(skeleton);
	if (error) {
		watch_bpf__destroy(skeleton);
		errno = -error;
		return NULL;
	}
	return skeleton;
}

void hooks_close(struct hooks *h)
{
	int hook;

	for (hook = 0; hook < HOOKS; hook++)
		bpf_link__destroy(h->link[hook]);
	watch_bpf__destroy(h->skeleton);
	memset(h, 0, sizeof(*h));
}

/* The exec hook last: when it is there, all that it asks is. */
static int attach(struct hooks *h, const selection s)
{
	struct bpf_program *p;
	int hook, error;

	for (hook = HOOKS - 1; hook >= 0; hook--) {
		if (s[hook] < 0)
			continue;
		p = bpf_object__find_program_by_name(
			h->skeleton->obj, roles[hook].choice[s[hook]].program);
		h->link[hook] = p ? bpf_program__attach(p) : NULL;
		if (!h->link[hook]) {
			error = errno ? -errno : -EINVAL;
			hooks_close(h);
			return error;
		}
		h->program[hook] = bpf_program__fd(p);
		h->name[hook] = roles[hook].choice[s[hook]].hook;
	}
	return 0;
}

/* The kernel counts them since Linux 5.12. */
static unsigned long long missed_by(const struct hooks *h, enum hook hook)
{
	struct bpf_prog_info info = { 0 };
	unsigned int size = sizeof(info);

	if (!h->name[hook] ||
	    bpf_obj_get_info_by_fd(h->program[hook], &info, &size))
		return 0;
	return info.recursion_misses;
}

unsigned long long hooks_missed(const struct hooks *h)
{
	unsigned long long missed = missed_by(h, HOOK_EXEC);

	if (h->skeleton->rodata->watch_comm[0])
		missed += missed_by(h, HOOK_PREPARE);
	return missed;
}

static int try(struct hooks *h, const selection s,
	       const struct hooks_wanted *wanted)
{
	memset(h, 0, sizeof(*h));
	h->skeleton = load(s, wanted);
	return h->skeleton ? attach(h, s) : -errno;
}

/* ---- The choice ------------------------------------------------------- */

static int is_kind(const char *hook, const char *kind)
{
	return !kind || strncmp(hook, kind, strlen(kind)) == 0;
}

/* The first from `from` on of that kind; -1: there is none. */
static int next_choice(int hook, int from, const char *kind)
{
	int i;

	for (i = from; i < CHOICES && roles[hook].choice[i].program; i++)
		if (is_kind(roles[hook].choice[i].hook, kind))
			return i;
	return -1;
}

/* One role alone, on trial. */
static int first_that_works(int hook, const struct hooks_wanted *wanted)
{
	struct hooks h;
	selection s;
	int i;

	for (i = next_choice(hook, 0, wanted->kind); i >= 0;
	     i = next_choice(hook, i + 1, wanted->kind)) {
		memset(s, -1, sizeof(s));
		s[hook] = i;
		if (try(&h, s, wanted) == 0) {
			hooks_close(&h);
			return i;
		}
	}
	return -1;
}

static int keep_silent(enum libbpf_print_level level, const char *format,
		       va_list args)
{
	return 0;
}

int hooks_open(struct hooks *h, const struct hooks_wanted *wanted, char *why,
	       size_t size)
{
	selection s;
	int hook, error;

	if (!wanted->verbose)
		libbpf_set_print(keep_silent);
	for (hook = 0; hook < HOOKS; hook++)
		s[hook] = next_choice(hook, 0, wanted->kind);
	if (!wanted->eagain)
		s[HOOK_REFUSED] = -1;
	error = try(h, s, wanted);
	if (!error)
		return 0;
	/* Not the newest of each, then; which? */
	for (hook = 0; hook < HOOKS; hook++)
		if (s[hook] >= 0)
			s[hook] = first_that_works(hook, wanted);
	if (s[HOOK_EXEC] >= 0 && (s[HOOK_REFUSED] >= 0 || !wanted->eagain))
		error = try(h, s, wanted);
	if (error)
		say_why(error, why, size);
	return error;
}
