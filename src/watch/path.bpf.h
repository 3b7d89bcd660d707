/* SPDX-License-Identifier: MIT */
/*
 * The path of a file, by walking up: bpf_d_path() is not allowed in the
 * programs that we are.  As the mount namespace has it, whatever the root
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
static __always_inline void path_put(struct event *e, const struct file *file)
{
	struct dentry *d = BPF_CORE_READ(file, f_path.dentry), *parent;
	struct vfsmount *v = BPF_CORE_READ(file, f_path.mnt);
	volatile __u32 *bytes = &e->path_bytes;
	__u32 used;
	long n;
	int i;

	e->path_whole = 0;
	*bytes = 0;
	for (i = 0; i < PATH_STEPS; i++) {
		if (d == BPF_CORE_READ(v, mnt_root)) {
			if (path_cross_mount(&d, &v))
				continue;
			e->path_whole = 1;
			break;
		}
		parent = BPF_CORE_READ(d, d_parent);
		used = *bytes;
		if (parent == d || used > EVENT_PATH)
			break;
		n = bpf_probe_read_kernel_str(e->path + used, EVENT_NAME,
					      BPF_CORE_READ(d, d_name.name));
		if (n <= 0 || n > EVENT_NAME)
			break;
		*bytes = used + (__u32)n;
		d = parent;
	}
}

#endif
