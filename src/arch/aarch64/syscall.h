/* SPDX-License-Identifier: MIT */
/* AArch64: system calls, the helper's clone, and what else is not C. */
#ifndef CX_ARCH_CPU_H
#define CX_ARCH_CPU_H

/* The largest page size: what has a page of its own is aligned to it. */
enum { ARCH_PAGE_MAX = 65536 };

static inline long arch_syscall6(long nr, long a, long b, long c, long d,
				 long e, long f)
{
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4),
			   "r"(x5)
			 : "memory", "cc");
	return x0;
}

static inline long arch_syscall3(long nr, long a, long b, long c)
{
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;

	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2)
			 : "memory", "cc");
	return x0;
}

/*
 * clone(2) for a thread that runs fn(arg) on its own stack and never comes
 * back to this frame.  The kernel keeps all registers but x0 for the child,
 * so fn and arg travel in two of them.
 */
static inline long arch_clone(unsigned long flags, void *stack, int *ptid,
			      int *ctid, void (*fn)(void *), void *arg)
{
	register long x8 __asm__("x8") = 220;
	register long x0 __asm__("x0") = (long)flags;
	register void *x1 __asm__("x1") = stack;
	register int *x2 __asm__("x2") = ptid;
	register long x3 __asm__("x3") = 0;
	register int *x4 __asm__("x4") = ctid;
	register void (*x10)(void *) __asm__("x10") = fn;
	register void *x11 __asm__("x11") = arg;

	__asm__ volatile("svc 0\n\t"
			 "cbnz x0, 1f\n\t"
			 "mov x29, xzr\n\t"
			 "mov x30, xzr\n\t"
			 "mov x0, x11\n\t"
			 "blr x10\n\t"
			 "mov x8, #93\n\t" /* exit: this thread only */
			 "mov x0, xzr\n\t"
			 "svc 0\n\t"
			 "brk #1\n"
			 "1:"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4),
			   "r"(x10), "r"(x11)
			 : "memory", "cc");
	return x0;
}

/*
 * Valgrind's documented client request RUNNING_ON_VALGRIND: a sequence that
 * does nothing on the real CPU.
 */
static inline int arch_on_valgrind(void)
{
	volatile unsigned long request[6] = { 0x1001, 0, 0, 0, 0, 0 };
	register unsigned long x3 __asm__("x3") = 0;
	register volatile unsigned long *x4 __asm__("x4") = request;

	__asm__ volatile("ror x12, x12, #3\n\tror x12, x12, #13\n\t"
			 "ror x12, x12, #51\n\tror x12, x12, #61\n\t"
			 "orr x10, x10, x10"
			 : "+r"(x3)
			 : "r"(x4)
			 : "x12", "cc", "memory");
	return x3 != 0;
}

#endif
