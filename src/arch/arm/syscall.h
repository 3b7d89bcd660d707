/* SPDX-License-Identifier: MIT */
/* 32-bit ARM (EABI): system calls, the helper's clone, what else is not C. */
#ifndef CX_ARCH_CPU_H
#define CX_ARCH_CPU_H

/* The largest page size: what has a page of its own is aligned to it. */
enum { ARCH_PAGE_MAX = 4096 };

/* The number goes in r7, which may be Thumb's frame pointer: put it back. */
static inline long arch_syscall6(long nr, long a, long b, long c, long d,
				 long e, long f)
{
	register long r0 __asm__("r0") = a;
	register long r1 __asm__("r1") = b;
	register long r2 __asm__("r2") = c;
	register long r3 __asm__("r3") = d;
	register long r4 __asm__("r4") = e;
	register long r5 __asm__("r5") = f;
	long r7;

	__asm__ volatile("mov %1, r7\n\t"
			 "mov r7, %2\n\t"
			 "svc 0\n\t"
			 "mov r7, %1"
			 : "+r"(r0), "=&r"(r7)
			 : "r"(nr), "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r5)
			 : "memory", "cc");
	return r0;
}

static inline long arch_syscall3(long nr, long a, long b, long c)
{
	return arch_syscall6(nr, a, b, c, 0, 0, 0);
}

/*
 * clone(2) for a thread that runs fn(arg) on its own stack and never comes
 * back to this frame.  The kernel keeps all registers but r0 for the child,
 * so fn and arg travel in two of them.
 */
static inline long arch_clone(unsigned long flags, void *stack, int *ptid,
			      int *ctid, void (*fn)(void *), void *arg)
{
	register long r0 __asm__("r0") = (long)flags;
	register void *r1 __asm__("r1") = stack;
	register int *r2 __asm__("r2") = ptid;
	register long r3 __asm__("r3") = 0;
	register int *r4 __asm__("r4") = ctid;
	register void (*r5)(void *) __asm__("r5") = fn;
	register void *r6 __asm__("r6") = arg;
	long r7;

	__asm__ volatile("mov %1, r7\n\t"
			 "mov r7, #120\n\t"
			 "svc 0\n\t"
			 "cmp r0, #0\n\t"
			 "bne 1f\n\t"
			 "mov r0, r6\n\t"
			 "blx r5\n\t"
			 "mov r7, #1\n\t" /* exit: this thread only */
			 "mov r0, #0\n\t"
			 "svc 0\n\t"
			 "udf #0\n"
			 "1:\n\t"
			 "mov r7, %1"
			 : "+r"(r0), "=&r"(r7)
			 : "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r5), "r"(r6)
			 : "memory", "cc", "lr");
	return r0;
}

/*
 * Valgrind's documented client request RUNNING_ON_VALGRIND: a sequence that
 * does nothing on the real CPU.
 */
static inline int arch_on_valgrind(void)
{
	volatile unsigned long request[6] = { 0x1001, 0, 0, 0, 0, 0 };
	register unsigned long r3 __asm__("r3") = 0;
	register volatile unsigned long *r4 __asm__("r4") = request;

	__asm__ volatile("mov r12, r12, ror #3\n\tmov r12, r12, ror #13\n\t"
			 "mov r12, r12, ror #29\n\tmov r12, r12, ror #19\n\t"
			 "orr r10, r10, r10"
			 : "+r"(r3)
			 : "r"(r4)
			 : "r12", "cc", "memory");
	return r3 != 0;
}

#endif
