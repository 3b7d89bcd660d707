/* SPDX-License-Identifier: MIT */
/*
 * The path of a file or a cgroup, by walking up: bpf_d_path() is not allowed in
 * the programs that we are.  As the mount namespace has it, whatever the root
 * directory of the process is.
 */
#ifndef PATH_H
#define PATH_H

enum { PATH_STEPS = 40 }; /* names and mounts; deeper is cut */

/* One step up from (d, v); 0 at the very top. */
static __always_inline int path_cross_mount(struct dentry **d,
					    struct vfsmount **v)
{
	void *mount = (char *)*v - bpf_core_field_offset(struct mount, mnt);
	struct mount *m = mount;
	struct mount *up = BPF_CORE_READ(m, mnt_parent);

	if (up == m)
		return 0;
	*d = BPF_CORE_READ(m, mnt_mountpoint);
	*v = (void *)((char *)up + bpf_core_field_offset(struct mount, mnt));
	return 1;
}

/*
 * The number of bytes used is kept in memory that the verifier knows nothing
 * of: so all turns of the loop look alike to it, and it need not try each
 * sum of lengths.
 */
static __always_inline void path_put(struct event_names *names,
				     const struct file *file)
{
	struct dentry *d = BPF_CORE_READ(file, f_path.dentry), *parent;
	struct vfsmount *v = BPF_CORE_READ(file, f_path.mnt);
	volatile __u32 *bytes = &names->bytes;
	__u32 used;
	long n;
	int i;

	names->whole = 0;
	*bytes = 0;
	for (i = 0; i < PATH_STEPS; i++) {
		if (d == BPF_CORE_READ(v, mnt_root)) {
			if (path_cross_mount(&d, &v))
				continue;
			names->whole = 1;
			break;
		}
		parent = BPF_CORE_READ(d, d_parent);
		used = *bytes;
		if (parent == d || used > EVENT_PATH)
			break;
		n = bpf_probe_read_kernel_str(names->text + used, EVENT_NAME,
					      BPF_CORE_READ(d, d_name.name));
		if (n <= 0 || n > EVENT_NAME)
			break;
		*bytes = used + (__u32)n;
		d = parent;
	}
}

static __always_inline struct kernfs_node *
path_parent(const struct kernfs_node *node)
{
	const struct kernfs_node___since_6_15 *newer = (const void *)node;

	if (bpf_core_field_exists(node->parent))
		return BPF_CORE_READ(node, parent);
	return BPF_CORE_READ(newer, __parent);
}

/* The topmost one has no name. */
static __always_inline void path_put_cgroup(struct event_names *names,
					    const struct task_struct *p)
{
	const struct kernfs_node *node =
		BPF_CORE_READ(p, cgroups, dfl_cgrp, kn);
	volatile __u32 *bytes = &names->bytes;
	const struct kernfs_node *parent;
	__u32 used;
	long n;
	int i;

	names->whole = 0;
	*bytes = 0;
	for (i = 0; node && i < PATH_STEPS; i++) {
		parent = path_parent(node);
		used = *bytes;
		if (!parent)
			names->whole = 1;
		if (!parent || used > EVENT_PATH)
			break;
		n = bpf_probe_read_kernel_str(names->text + used, EVENT_NAME,
					      BPF_CORE_READ(node, name));
		if (n <= 0 || n > EVENT_NAME)
			break;
		*bytes = used + (__u32)n;
		node = parent;
	}
}

#endif
