/* SPDX-License-Identifier: MIT */
/* 64-bit POWER (ELFv2): system calls, the helper's clone, what is not C. */
#ifndef CX_ARCH_CPU_H
#define CX_ARCH_CPU_H

/* The largest page size: what has a page of its own is aligned to it. */
enum { ARCH_PAGE_MAX = 65536 };

/* An error comes positive, and is told by a bit of the condition register. */
static inline long arch_syscall6(long nr, long a, long b, long c, long d,
				 long e, long f)
{
	register long r0 __asm__("r0") = nr;
	register long r3 __asm__("r3") = a;
	register long r4 __asm__("r4") = b;
	register long r5 __asm__("r5") = c;
	register long r6 __asm__("r6") = d;
	register long r7 __asm__("r7") = e;
	register long r8 __asm__("r8") = f;

	__asm__ volatile("sc\n\t"
			 "bns+ 1f\n\t"
			 "neg 3, 3\n"
			 "1:"
			 : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5), "+r"(r6),
			   "+r"(r7), "+r"(r8)
			 :
			 : "memory", "cr0", "ctr", "xer", "r9", "r10", "r11",
			   "r12");
	return r3;
}

static inline long arch_syscall3(long nr, long a, long b, long c)
{
	return arch_syscall6(nr, a, b, c, 0, 0, 0);
}

/*
 * clone(2) for a thread that runs fn(arg) on its own stack and never comes
 * back to this frame.  The kernel keeps the registers from r14 on for the
 * child, so fn and arg travel in two of them.  The callee saves its link
 * register in the caller's frame: so there is one, with no back chain.
 */
static inline long arch_clone(unsigned long flags, void *stack, int *ptid,
			      int *ctid, void (*fn)(void *), void *arg)
{
	unsigned long *top = (unsigned long *)stack - 8;
	register long r0 __asm__("r0") = 120;
	register long r3 __asm__("r3") = (long)flags;
	register void *r4 __asm__("r4") = top;
	register int *r5 __asm__("r5") = ptid;
	register long r6 __asm__("r6") = 0;
	register int *r7 __asm__("r7") = ctid;
	register void (*r28)(void *) __asm__("r28") = fn;
	register void *r29 __asm__("r29") = arg;

	top[0] = 0;
	__asm__ volatile("sc\n\t"
			 "bns+ 1f\n\t"
			 "neg 3, 3\n"
			 "1:\n\t"
			 "cmpdi 3, 0\n\t"
			 "bne 2f\n\t"
			 "mr 3, 29\n\t"
			 "mr 12, 28\n\t"
			 "mtctr 12\n\t"
			 "bctrl\n\t"
			 "li 0, 1\n\t" /* exit: this thread only */
			 "li 3, 0\n\t"
			 "sc\n\t"
			 "trap\n"
			 "2:"
			 : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5), "+r"(r6),
			   "+r"(r7)
			 : "r"(r28), "r"(r29)
			 : "memory", "cr0", "ctr", "lr", "xer", "r8", "r9",
			   "r10", "r11", "r12");
	return r3;
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

	__asm__ volatile("rotldi 0, 0, 3\n\trotldi 0, 0, 13\n\t"
			 "rotldi 0, 0, 61\n\trotldi 0, 0, 51\n\t"
			 "or 1, 1, 1"
			 : "+r"(r3)
			 : "r"(r4)
			 : "r0", "cr0", "memory");
	return r3 != 0;
}

#endif
