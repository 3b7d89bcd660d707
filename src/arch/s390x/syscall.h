/* SPDX-License-Identifier: MIT */
/* 64-bit IBM Z: system calls, the helper's clone, and what else is not C. */
#ifndef CX_ARCH_CPU_H
#define CX_ARCH_CPU_H

/* The largest page size: what has a page of its own is aligned to it. */
enum { ARCH_PAGE_MAX = 4096 };

/* svc 0: the number is in r1, for it may be more than svc can hold. */
static inline long arch_syscall6(long nr, long a, long b, long c, long d,
				 long e, long f)
{
	register long r1 __asm__("r1") = nr;
	register long r2 __asm__("r2") = a;
	register long r3 __asm__("r3") = b;
	register long r4 __asm__("r4") = c;
	register long r5 __asm__("r5") = d;
	register long r6 __asm__("r6") = e;
	register long r7 __asm__("r7") = f;

	__asm__ volatile("svc 0"
			 : "+r"(r2)
			 : "r"(r1), "r"(r3), "r"(r4), "r"(r5), "r"(r6), "r"(r7)
			 : "memory", "cc");
	return r2;
}

static inline long arch_syscall3(long nr, long a, long b, long c)
{
	register long r1 __asm__("r1") = nr;
	register long r2 __asm__("r2") = a;
	register long r3 __asm__("r3") = b;
	register long r4 __asm__("r4") = c;

	__asm__ volatile("svc 0"
			 : "+r"(r2)
			 : "r"(r1), "r"(r3), "r"(r4)
			 : "memory", "cc");
	return r2;
}

/*
 * clone(2) for a thread that runs fn(arg) on its own stack and never comes
 * back to this frame.  Here the stack comes first and the flags second.  The
 * kernel keeps all registers but r2 for the child, so fn and arg travel in
 * two of them.  A callee saves its registers in the caller's frame: so there
 * is one, with no back chain.
 */
static inline long arch_clone(unsigned long flags, void *stack, int *ptid,
			      int *ctid, void (*fn)(void *), void *arg)
{
	unsigned long *top = (unsigned long *)stack - 20;
	register long r1 __asm__("r1") = 120;
	register long r2 __asm__("r2") = (long)top;
	register long r3 __asm__("r3") = (long)flags;
	register int *r4 __asm__("r4") = ptid;
	register int *r5 __asm__("r5") = ctid;
	register long r6 __asm__("r6") = 0;
	register void (*r8)(void *) __asm__("r8") = fn;
	register void *r9 __asm__("r9") = arg;

	top[0] = 0;
	__asm__ volatile("svc 0\n\t"
			 "ltgr %%r2, %%r2\n\t"
			 "jnz 1f\n\t"
			 "lgr %%r2, %%r9\n\t"
			 "basr %%r14, %%r8\n\t"
			 "lghi %%r1, 1\n\t" /* exit: this thread only */
			 "lghi %%r2, 0\n\t"
			 "svc 0\n\t"
			 "j .+2\n" /* traps */
			 "1:"
			 : "+r"(r2)
			 : "r"(r1), "r"(r3), "r"(r4), "r"(r5), "r"(r6),
			   "r"(r8), "r"(r9)
			 : "memory", "cc");
	return r2;
}

/*
 * Valgrind's documented client request RUNNING_ON_VALGRIND: a sequence that
 * does nothing on the real CPU.
 */
static inline int arch_on_valgrind(void)
{
	volatile unsigned long request[6] = { 0x1001, 0, 0, 0, 0, 0 };
	register volatile unsigned long *r2 __asm__("r2") = request;
	register unsigned long r3 __asm__("r3") = 0;

	__asm__ volatile("lr %%r15, %%r15\n\tlr %%r1, %%r1\n\t"
			 "lr %%r2, %%r2\n\tlr %%r3, %%r3\n\t"
			 "lr %%r2, %%r2"
			 : "+r"(r3)
			 : "r"(r2)
			 : "cc", "memory");
	return r3 != 0;
}

#endif
