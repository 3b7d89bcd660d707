/* SPDX-License-Identifier: MIT */
/*
 * What watch.bpf.c tells watch.c: facts only.  What they mean is judged in
 * loss.c, where it can be tested.  Included by both.
 */
#ifndef EVENT_H
#define EVENT_H

#ifndef __bpf__ /* there ktypes.h has them */
#include <linux/types.h>
#endif

enum {
	EVENT_COMM = 16,
	EVENT_PATH = 1024,
	EVENT_NAME = 256,
	EVENT_ARGUMENTS = 256, /* a power of two */
	EVENT_NO_ROOT = -1,    /* root_uid: uid 0 is not mapped */
	EVENT_MINOR_BITS = 20, /* of a device */
};

#define EVENT_NO_LOGIN (~0u)

/* A path: its names, the innermost first, each with its NUL. */
struct event_names {
	__u32 bytes; /* used; 0: none */
	__u32 whole; /* it goes up to the root */
	char text[EVENT_PATH + EVENT_NAME];
};

/* How the creation that cost the privileges was seen. */
enum event_how {
	EVENT_UNSEEN,
	EVENT_COMPLETED, /* it came to its end while the exec went on */
	EVENT_ABORTED,	 /* the exec killed the creator inside clone */
};

struct event_creation {
	__u64 time;	 /* when it ended */
	__u32 tid;	 /* the creator's */
	__u32 how;	 /* enum event_how */
	__u32 by_kernel; /* the new thread is a worker of io_uring or vhost */
	char comm[EVENT_COMM];
};

/* Times are nanoseconds of CLOCK_MONOTONIC, ids those of the first
   namespaces. */
struct event {
	__u64 time;	/* the new program is about to run */
	__u64 prepared; /* just before the other threads are killed; or 0 */
	__u64 inode, permitted, inheritable, bset;
	__u32 device; /* of the file system; its major number is above the
			 bits of the minor one */
	__u32 pid, tid, parent; /* tid: of the thread that called exec */
	__u32 unsafe, per_clear, securebits;
	__u32 mode, file_uid, file_gid;
	__u32 uid, euid, gid, egid;
	__s32 root_uid; /* what uid 0 of its user namespace is here */
	__u32 ptracer_capable;
	__u32 threads, users_before; /* when prepared; 0 if not seen */
	__u32 users_after;	     /* of its fs: 1, or others share it */
	struct event_creation culprit;
	char comm[EVENT_COMM], new_comm[EVENT_COMM];
	char parent_comm[EVENT_COMM];
	__u32 login; /* who had logged in, or EVENT_NO_LOGIN */
	__u32 arguments_bytes;
	__u32 arguments_whole;
	/* The new program's, each with its NUL. */
	char arguments[EVENT_ARGUMENTS];
	struct event_names file;   /* the new program */
	struct event_names caller; /* the program that called exec */
	struct event_names cgroup; /* of version 2 */
};

/* Creations refused to one thread with EAGAIN: a burst of them. */
struct event_eagain {
	__u64 first, last, count;
	__u32 pid;
	__u32 pad;
	char comm[EVENT_COMM];
};

/* Whose events are limited together. */
struct event_origin {
	__u64 inode; /* 0 and 0: creations refused to this user */
	__u32 device;
	__u32 uid; /* the real one */
};

/* Events of one origin that were too many to be told one by one. */
struct event_withheld {
	__u64 count, last;
	char comm[EVENT_COMM]; /* the new program's, or the creator's */
};

/* What the guard in the kernel has done (guard.bpf.c). */
enum event_guard_what {
	EVENT_GUARD_KEPT,     /* begun again, and came through */
	EVENT_GUARD_LET_GO,   /* at the bound: as the kernel has it */
	EVENT_GUARD_UNQUEUED, /* likewise, since it could not be begun again */
	EVENT_GUARD_REFUSED,  /* with EAGAIN, by the guard */
	EVENT_GUARD_WHATS
};

struct event_guard {
	__u64 time, waited; /* ns; since the first try */
	__u32 what;	    /* enum event_guard_what */
	__u32 is_creation;  /* or an exec */
	__u32 pid, tid, uid, tries;
	char comm[EVENT_COMM];
	char file[EVENT_NAME]; /* as it was called; "" for a creation */
};

enum event_counter {
	EVENT_DROPPED,	/* no room in the ring buffer or a map */
	EVENT_WITHHELD, /* beyond the limit of their origin */
	EVENT_EAGAIN,	/* refused because of an exec */
	EVENT_LIMIT,	/* EAGAIN for another reason */
	EVENT_COUNTERS
};

#endif
