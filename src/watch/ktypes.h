/* SPDX-License-Identifier: MIT */
/*
 * The few kernel types that watch.bpf.c and guard.bpf.c read, and of each only
 * the fields that they name.  The loader finds out from the running kernel's
 * BTF where they really are (CO-RE): so neither the order here nor what is left
 * out matters, and no generated header is needed.
 *
 * A name that ends in ___ and more is the same type as an older kernel had
 * it; the loader ignores that part.
 */
#ifndef KTYPES_H
#define KTYPES_H

/* Only to ask whether the kernel has this helper: the number is its own. */
enum bpf_func_id___asked { BPF_FUNC_task_pt_regs___asked = 175 };

typedef unsigned char __u8;
typedef signed short __s16;
typedef unsigned short __u16;
typedef int __s32;
typedef unsigned int __u32;
typedef long long __s64;
typedef unsigned long long __u64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;
typedef int pid_t;
typedef _Bool bool;

/* What bpf_helpers.h wants to know. */
enum bpf_map_type {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_CGROUP_ARRAY = 8,
	BPF_MAP_TYPE_LRU_HASH = 9,
	BPF_MAP_TYPE_RINGBUF = 27,	/* Linux 5.8 */
	BPF_MAP_TYPE_TASK_STORAGE = 29, /* 5.11 */
};

enum { BPF_ANY = 0, BPF_NOEXIST = 1, BPF_F_NO_PREALLOC = 1 };
enum { BPF_LOCAL_STORAGE_GET_F_CREATE = 1 };

/* What both of them ask for. */
enum {
	UNSAFE_SHARE = 1, /* include/linux/security.h: LSM_UNSAFE_* */
	UNSAFE_PTRACE = 2,
	UNSAFE_NO_NEW_PRIVS = 4,
	CLONE_FS = 0x200,
	IS_IO_WORKER = 0x10,	 /* include/linux/sched.h: PF_*; 5.12 */
	IS_USER_WORKER = 0x4000, /* 6.4 */
	EAGAIN = 11,
};

/* (In the words of bpf_helpers.h.) */
#define MAP(name_, type_, entries_, key_, value_) \
	struct {                                  \
		__uint(type, type_);              \
		__uint(max_entries, entries_);    \
		__type(key, key_);                \
		__type(value, value_);            \
	} name_ SEC(".maps")

#define KTYPE __attribute__((preserve_access_index))

typedef struct {
	__u32 val;
} kuid_t;
typedef struct {
	__u32 val;
} kgid_t;
/* Two words before Linux 6.3, one now: eight bytes in either case, which are
   read as a whole. */
typedef struct {
	__u64 bits;
} kernel_cap_t;

struct uid_gid_extent {
	__u32 first, lower_first, count;
} KTYPE;

struct uid_gid_map {
	__u32 nr_extents;
	struct uid_gid_extent extent[5];
	struct uid_gid_extent *forward; /* more than five, sorted */
} KTYPE;

struct user_namespace {
	struct uid_gid_map uid_map;
} KTYPE;

struct cred {
	kuid_t uid, suid, euid;
	kgid_t gid, sgid, egid;
	unsigned int securebits;
	kernel_cap_t cap_inheritable, cap_permitted, cap_effective, cap_bset;
	struct user_namespace *user_ns;
} KTYPE;

struct fs_struct {
	int users;
	int in_exec;
} KTYPE;

typedef struct {
	int counter;
} atomic_t;

struct signal_struct {
	atomic_t live;
	int nr_threads;
	struct task_struct *group_exec_task;
} KTYPE;

struct signal_struct___before_5_17 {
	struct task_struct *group_exit_task;
} KTYPE;

struct kernfs_node {
	const char *name;
	struct kernfs_node *parent;
} KTYPE;

struct kernfs_node___since_6_15 {
	struct kernfs_node *__parent;
} KTYPE;

struct cgroup {
	struct kernfs_node *kn;
} KTYPE;

struct css_set {
	struct cgroup *dfl_cgrp;
} KTYPE;

struct mm_struct {
	struct file *exe_file;
	unsigned long arg_start, arg_end;
} KTYPE;

struct task_struct {
	unsigned int flags;
	pid_t pid, tgid;
	char comm[16];
	void *stack;
	struct mm_struct *mm;
	struct css_set *cgroups;
	kuid_t loginuid;
	const struct cred *cred, *ptracer_cred;
	struct task_struct *real_parent;
	struct fs_struct *fs;
	struct signal_struct *signal;
} KTYPE;

struct super_block {
	__u32 s_dev;
} KTYPE;

struct inode {
	__u16 i_mode;
	kuid_t i_uid;
	kgid_t i_gid;
	unsigned long i_ino;
	struct super_block *i_sb;
} KTYPE;

struct qstr {
	const unsigned char *name;
} KTYPE;

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
} KTYPE;

struct vfsmount {
	struct dentry *mnt_root;
} KTYPE;

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
} KTYPE;

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
} KTYPE;

struct file {
	struct path f_path;
	struct inode *f_inode;
} KTYPE;

struct linux_binprm {
	unsigned int execfd_creds : 1;
	struct file *executable, *file;
	int unsafe;
	unsigned int per_clear;
	const char *filename;
} KTYPE;

#endif
