/* SPDX-License-Identifier: MIT */
/* 64-bit RISC-V: system calls, the helper's clone, and what else is not C. */
#ifndef CX_ARCH_CPU_H
#define CX_ARCH_CPU_H

/* The largest page size: what has a page of its own is aligned to it. */
enum { ARCH_PAGE_MAX = 4096 };

static inline long arch_syscall6(long nr, long a, long b, long c, long d,
				 long e, long f)
{
	register long a7 __asm__("a7") = nr;
	register long a0 __asm__("a0") = a;
	register long a1 __asm__("a1") = b;
	register long a2 __asm__("a2") = c;
	register long a3 __asm__("a3") = d;
	register long a4 __asm__("a4") = e;
	register long a5 __asm__("a5") = f;

	__asm__ volatile("ecall"
			 : "+r"(a0)
			 : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4),
			   "r"(a5)
			 : "memory");
	return a0;
}

static inline long arch_syscall3(long nr, long a, long b, long c)
{
	register long a7 __asm__("a7") = nr;
	register long a0 __asm__("a0") = a;
	register long a1 __asm__("a1") = b;
	register long a2 __asm__("a2") = c;

	__asm__ volatile("ecall"
			 : "+r"(a0)
			 : "r"(a7), "r"(a1), "r"(a2)
			 : "memory");
	return a0;
}

/*
 * clone(2) for a thread that runs fn(arg) on its own stack and never comes
 * back to this frame.  The kernel keeps all registers but a0 for the child,
 * so fn and arg travel in two of them.
 */
static inline long arch_clone(unsigned long flags, void *stack, int *ptid,
			      int *ctid, void (*fn)(void *), void *arg)
{
	register long a7 __asm__("a7") = 220;
	register long a0 __asm__("a0") = (long)flags;
	register void *a1 __asm__("a1") = stack;
	register int *a2 __asm__("a2") = ptid;
	register long a3 __asm__("a3") = 0;
	register int *a4 __asm__("a4") = ctid;
	register void (*t1)(void *) __asm__("t1") = fn;
	register void *t2 __asm__("t2") = arg;

	__asm__ volatile("ecall\n\t"
			 "bnez a0, 1f\n\t"
			 "li fp, 0\n\t"
			 "mv a0, t2\n\t"
			 "jalr t1\n\t"
			 "li a7, 93\n\t" /* exit: this thread only */
			 "li a0, 0\n\t"
			 "ecall\n\t"
			 "ebreak\n"
			 "1:"
			 : "+r"(a0)
			 : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4),
			   "r"(t1), "r"(t2)
			 : "memory");
	return a0;
}

/*
 * Valgrind's documented client request RUNNING_ON_VALGRIND (3.25, the first
 * for this CPU): a sequence that does nothing on the real one.
 */
static inline int arch_on_valgrind(void)
{
	volatile unsigned long request[6] = { 0x1001, 0, 0, 0, 0, 0 };
	register unsigned long a3 __asm__("a3") = 0;
	register volatile unsigned long *a4 __asm__("a4") = request;

	__asm__ volatile(".option push\n\t.option norvc\n\t"
			 "srli zero, zero, 3\n\tsrli zero, zero, 13\n\t"
			 "srli zero, zero, 51\n\tsrli zero, zero, 61\n\t"
			 "or a0, a0, a0\n\t"
			 ".option pop"
			 : "+r"(a3)
			 : "r"(a4)
			 : "memory");
	return a3 != 0;
}

#endif
