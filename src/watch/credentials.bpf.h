/* SPDX-License-Identifier: MIT */
/*
 * The facts from which loss.c judges: what the file would grant, and what the
 * new program has.
 */
#ifndef CREDENTIALS_H
#define CREDENTIALS_H

#include "tracer.bpf.h"

static void put_file(struct event *e, const struct file *file)
{
	const struct inode *inode = BPF_CORE_READ(file, f_inode);

	e->mode = BPF_CORE_READ(inode, i_mode);
	e->file_uid = BPF_CORE_READ(inode, i_uid.val);
	e->file_gid = BPF_CORE_READ(inode, i_gid.val);
	e->inode = BPF_CORE_READ(inode, i_ino);
	e->device = BPF_CORE_READ(inode, i_sb, s_dev);
	path_put(&e->file, file);
}

static __s32 root_of(struct user_namespace *ns)
{
	struct uid_gid_extent extent;
	__u32 i, count = BPF_CORE_READ(ns, uid_map.nr_extents);
	void *forward;

	if (count > 5) {
		forward = BPF_CORE_READ(ns, uid_map.forward);
		bpf_probe_read_kernel(&extent, sizeof(extent), forward);
		return extent.first ? EVENT_NO_ROOT : (__s32)extent.lower_first;
	}
	for (i = 0; i < 5 && i < count; i++)
		if (BPF_CORE_READ(ns, uid_map.extent[i].first) == 0)
			return BPF_CORE_READ(ns, uid_map.extent[i].lower_first);
	return EVENT_NO_ROOT;
}

static void put_credentials(struct event *e, const struct task_struct *p)
{
	const struct cred *cred = BPF_CORE_READ(p, cred);

	e->uid = BPF_CORE_READ(cred, uid.val);
	e->euid = BPF_CORE_READ(cred, euid.val);
	e->gid = BPF_CORE_READ(cred, gid.val);
	e->egid = BPF_CORE_READ(cred, egid.val);
	e->securebits = BPF_CORE_READ(cred, securebits);
	bpf_core_read(&e->permitted, sizeof(e->permitted),
		      &cred->cap_permitted);
	bpf_core_read(&e->inheritable, sizeof(e->inheritable),
		      &cred->cap_inheritable);
	bpf_core_read(&e->bset, sizeof(e->bset), &cred->cap_bset);
	e->root_uid = root_of(BPF_CORE_READ(cred, user_ns));
	e->ptracer_capable = tracer_is_capable(p);
}

#endif
