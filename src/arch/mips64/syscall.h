/* SPDX-License-Identifier: MIT */
/* 64-bit MIPS (n64): system calls, the helper's clone, what else is not C. */
#ifndef CX_ARCH_CPU_H
#define CX_ARCH_CPU_H

/* The largest page size: what has a page of its own is aligned to it. */
enum { ARCH_PAGE_MAX = 65536 };

/* An error comes positive, and is told by a3, the fourth argument's. */
static inline long arch_syscall6(long nr, long a, long b, long c, long d,
				 long e, long f)
{
	register long v0 __asm__("$2") = nr;
	register long a0 __asm__("$4") = a;
	register long a1 __asm__("$5") = b;
	register long a2 __asm__("$6") = c;
	register long a3 __asm__("$7") = d;
	register long a4 __asm__("$8") = e;
	register long a5 __asm__("$9") = f;

	__asm__ volatile("syscall"
			 : "+r"(v0), "+r"(a3), "+r"(a4), "+r"(a5)
			 : "r"(a0), "r"(a1), "r"(a2)
			 : "memory", "$1", "$3", "$10", "$11", "$12", "$13",
			   "$14", "$15", "$24", "$25", "hi", "lo");
	return a3 ? -v0 : v0;
}

static inline long arch_syscall3(long nr, long a, long b, long c)
{
	return arch_syscall6(nr, a, b, c, 0, 0, 0);
}

/*
 * clone(2) for a thread that runs fn(arg) on its own stack and never comes
 * back to this frame.  The kernel keeps s0 to s7 for the child, so fn and arg
 * travel in two of them.  A function finds its own address in t9 ($25).
 */
static inline long arch_clone(unsigned long flags, void *stack, int *ptid,
			      int *ctid, void (*fn)(void *), void *arg)
{
	register long v0 __asm__("$2") = 5055;
	register long a0 __asm__("$4") = (long)flags;
	register void *a1 __asm__("$5") = stack;
	register int *a2 __asm__("$6") = ptid;
	register long a3 __asm__("$7") = 0;
	register int *a4 __asm__("$8") = ctid;
	register void (*s0)(void *) __asm__("$16") = fn;
	register void *s1 __asm__("$17") = arg;

	__asm__ volatile(".set push\n\t"
			 ".set noreorder\n\t"
			 "syscall\n\t"
			 "bnez $7, 1f\n\t"
			 " nop\n\t"
			 "bnez $2, 1f\n\t"
			 " nop\n\t"
			 "move $4, $17\n\t"
			 "move $25, $16\n\t"
			 "jalr $25\n\t"
			 " move $30, $0\n\t"
			 "li $2, 5058\n\t" /* exit: this thread only */
			 "li $4, 0\n\t"
			 "syscall\n\t"
			 "break\n"
			 "1:\n\t"
			 ".set pop"
			 : "+r"(v0), "+r"(a3), "+r"(a4)
			 : "r"(a0), "r"(a1), "r"(a2), "r"(s0), "r"(s1)
			 : "memory", "$1", "$3", "$9", "$10", "$11", "$12",
			   "$13", "$14", "$15", "$24", "$25", "hi", "lo");
	return a3 ? -v0 : v0;
}

/*
 * Valgrind's documented client request RUNNING_ON_VALGRIND: a sequence that
 * does nothing on the real CPU.
 */
static inline int arch_on_valgrind(void)
{
	volatile unsigned long request[6] = { 0x1001, 0, 0, 0, 0, 0 };
	register unsigned long r11 __asm__("$11") = 0;
	register volatile unsigned long *r12 __asm__("$12") = request;

	__asm__ volatile("dsll $0, $0, 3\n\tdsll $0, $0, 13\n\t"
			 "dsll $0, $0, 29\n\tdsll $0, $0, 19\n\t"
			 "or $13, $13, $13"
			 : "+r"(r11)
			 : "r"(r12)
			 : "memory");
	return r11 != 0;
}

#endif
