/* SPDX-License-Identifier: MIT */
#include "inject.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "filter.h"
#include "sys.h"
#include "tap.h"

#define FAIL(error) (SECCOMP_RET_ERRNO | (error))
#define KILL SECCOMP_RET_KILL_PROCESS
#define ALWAYS { { -1, 0, 0 }, { -1, 0, 0 } }
#define IF(argument, value) \
	{ { argument, ~0u, (unsigned int)(value) }, { -1, 0, 0 } }
#define IF_BITS(argument, bits) \
	{ { argument, (unsigned int)(bits), (unsigned int)(bits) }, \
	  { -1, 0, 0 } }
#define IF_BOTH(a, x, b, y) \
	{ { a, ~0u, (unsigned int)(x) }, { b, ~0u, (unsigned int)(y) } }

/* The lock's futex calls: a private bitset of 1 to 3, libc's has all bits. */
#define LOCK_WAIT \
	{ { 1, ~0u, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG }, { 5, ~3u, 0 } }
/* By the size of trial.c's answer. */
#define TRIAL_MAP \
	IF_BOTH(1, 3 * sizeof(int), 3, MAP_SHARED | MAP_ANONYMOUS)
#define TRIAL_CLONE IF(SYS_CLONE_FLAGS, CLONE_FILES | CLONE_UNTRACED)
#define HELPER_MAP \
	IF_BOTH(2, PROT_READ | PROT_WRITE, 3, \
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK)

const struct fault faults[] = {
	{ "nothing fails", -1, ALWAYS, FAIL(0), 0 },
	{ "the filter is hidden", SYS_prctl, IF(0, PR_GET_SECCOMP), FAIL(0),
	  HIDES },
	{ "no /proc", -1, ALWAYS, FAIL(0), NO_PROC | NO_WAIT },

	{ "unshare: EPERM", SYS_unshare, ALWAYS, FAIL(EPERM), NO_UNSHARE },
	{ "unshare: ENOSYS", SYS_unshare, ALWAYS, FAIL(ENOSYS), NO_UNSHARE },
	{ "unshare of fs: EPERM", SYS_unshare, IF(0, CLONE_FS), FAIL(EPERM),
	  NO_UNSHARE },
	{ "unshare of fs: ENOMEM", SYS_unshare, IF(0, CLONE_FS),
	  FAIL(ENOMEM), NO_UNSHARE },
	{ "unshare: killed", SYS_unshare, ALWAYS, KILL, NO_UNSHARE | KILLS },
	{ "unshare of fs: killed", SYS_unshare, IF(0, CLONE_FS), KILL,
	  NO_UNSHARE | KILLS },
	{ "unshare, the question: EPERM", SYS_unshare, IF(0, CLONE_THREAD),
	  FAIL(EPERM), 0 },

	{ "the trial's clone: EAGAIN", SYS_clone, TRIAL_CLONE,
	  FAIL(EAGAIN), NO_TRIAL },
	{ "the trial's clone: EPERM", SYS_clone, TRIAL_CLONE,
	  FAIL(EPERM), NO_TRIAL },
	{ "the trial's mmap: ENOMEM", SYS_mmap, TRIAL_MAP, FAIL(ENOMEM),
	  NO_TRIAL },
	{ "the trial's wait: ECHILD", SYS_wait4, IF_BITS(2, __WALL),
	  FAIL(ECHILD), NO_TRIAL },

	{ "the helper's clone: EAGAIN", SYS_clone,
	  IF_BITS(SYS_CLONE_FLAGS, CLONE_IO), FAIL(EAGAIN), NO_HELPER },
	{ "the helper's clone: ENOMEM", SYS_clone,
	  IF_BITS(SYS_CLONE_FLAGS, CLONE_IO), FAIL(ENOMEM), NO_HELPER },
	{ "the helper's clone: EPERM", SYS_clone,
	  IF_BITS(SYS_CLONE_FLAGS, CLONE_IO), FAIL(EPERM), NO_HELPER },
	{ "the helper's mmap: ENOMEM", SYS_mmap, HELPER_MAP, FAIL(ENOMEM),
	  NO_HELPER },
	{ "the guard page: ENOMEM", SYS_mprotect, IF_BOTH(1, 4096, 2, 0),
	  FAIL(ENOMEM), 0 },
	{ "the wait for the helper: ENOSYS", SYS_futex, IF(1, FUTEX_WAIT),
	  FAIL(ENOSYS), 0 },
	{ "the wait for the helper: EINTR", SYS_futex, IF(1, FUTEX_WAIT),
	  FAIL(EINTR), 0 },

	{ "the lock's wait: ENOSYS", SYS_futex, LOCK_WAIT, FAIL(ENOSYS),
	  NO_WAIT },
	{ "the lock's wait: EINTR", SYS_futex, LOCK_WAIT, FAIL(EINTR),
	  NO_WAIT },
	{ "no clock", SYS_clock_gettime, IF(0, CLOCK_MONOTONIC),
	  FAIL(ENOSYS), NO_WAIT },
	{ "MADV_WIPEONFORK: EINVAL", SYS_madvise, IF(2, MADV_WIPEONFORK),
	  FAIL(EINVAL), 0 },

	{ "faccessat2: ENOSYS", 439, ALWAYS, FAIL(ENOSYS), 0 },
	{ "faccessat2: EPERM", 439, ALWAYS, FAIL(EPERM), 0 },
	{ "faccessat2: EACCES", 439, ALWAYS, FAIL(EACCES), 0 },
	{ "faccessat2: ENOENT", 439, ALWAYS, FAIL(ENOENT), 0 },
	{ "our stat: ENOSYS", SYS_STAT_CALL, IF(3, 0), FAIL(ENOSYS), 0 },
	{ "our stat: EPERM", SYS_STAT_CALL, IF(3, 0), FAIL(EPERM), 0 },
	{ "our stat: EACCES", SYS_STAT_CALL, IF(3, 0), FAIL(EACCES), 0 },
	{ "prlimit64: ENOSYS", SYS_prlimit64, IF(1, RLIMIT_STACK),
	  FAIL(ENOSYS), 0 },
	{ "rt_sigprocmask for a look: EPERM", SYS_rt_sigprocmask, IF(0, -1),
	  FAIL(EPERM), 0 },

	{ "PR_GET_SECCOMP: EPERM", SYS_prctl, IF(0, PR_GET_SECCOMP),
	  FAIL(EPERM), 0 },
	{ "PR_GET_SECCOMP: ENOSYS", SYS_prctl, IF(0, PR_GET_SECCOMP),
	  FAIL(ENOSYS), 0 },
	{ "PR_GET_PDEATHSIG: EPERM", SYS_prctl, IF(0, PR_GET_PDEATHSIG),
	  FAIL(EPERM), 0 },
	{ "PR_GET_TIMERSLACK: ENOSYS", SYS_prctl, IF(0, PR_GET_TIMERSLACK),
	  FAIL(ENOSYS), 0 },
	{ "PR_SET_TIMERSLACK: EPERM", SYS_prctl, IF(0, PR_SET_TIMERSLACK),
	  FAIL(EPERM), 0 },
	{ "sched_getattr: ENOSYS", SYS_sched_getattr, ALWAYS, FAIL(ENOSYS),
	  0 },
	{ "rt_sigpending: ENOSYS", SYS_rt_sigpending, ALWAYS, FAIL(ENOSYS),
	  NO_PENDING },
	{ "rt_sigtimedwait: EPERM", SYS_rt_sigtimedwait, ALWAYS, FAIL(EPERM),
	  0 },
	{ "rt_tgsigqueueinfo: EPERM", SYS_rt_tgsigqueueinfo, ALWAYS,
	  FAIL(EPERM), 0 },
};

const unsigned int fault_count = sizeof faults / sizeof *faults;

struct program {
	struct sock_filter code[32];
	unsigned short size;
};

static void add(struct program *p, unsigned short code, unsigned int k,
		unsigned char unless)
{
	struct sock_filter f = BPF_JUMP(code, k, 0, unless);

	p->code[p->size++] = f;
}

static void load(struct program *p, size_t offset)
{
	add(p, BPF_LD | BPF_W | BPF_ABS, (unsigned int)offset, 0);
}

/* The lower half of an argument tells all that is asked here. */
static void add_fault(struct program *p, const struct fault *f)
{
	unsigned int i, conditions = 0;

	if (f->nr < 0)
		return;
	while (conditions < 2 && f->when[conditions].argument >= 0)
		conditions++;
	load(p, offsetof(struct seccomp_data, nr));
	add(p, BPF_JMP | BPF_JEQ | BPF_K, (unsigned int)f->nr,
	    (unsigned char)(3 * conditions + 1));
	for (i = 0; i < conditions; i++) {
		load(p, filter_argument(f->when[i].argument));
		add(p, BPF_ALU | BPF_AND | BPF_K, f->when[i].mask, 0);
		add(p, BPF_JMP | BPF_JEQ | BPF_K, f->when[i].value,
		    (unsigned char)(3 * (conditions - i - 1) + 1));
	}
	add(p, BPF_RET | BPF_K, f->answer, 0);
}

static void hide_proc(void)
{
	check(unshare(CLONE_NEWNS) == 0 &&
		      mount("none", "/", NULL, MS_REC | MS_PRIVATE,
			    NULL) == 0 &&
		      umount2("/proc", MNT_DETACH) == 0,
	      "cannot take /proc away: %s", strerror(errno));
}

void inject(const struct fault *a, const struct fault *b)
{
	struct program p = { .size = 0 };
	struct sock_fprog program;

	if ((a->takes | (b ? b->takes : 0)) & NO_PROC)
		hide_proc();
	add_fault(&p, a);
	if (b)
		add_fault(&p, b);
	add(&p, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0);
	program.filter = p.code;
	program.len = p.size;
	check(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0,
	      "no filter: %s", strerror(errno));
}
