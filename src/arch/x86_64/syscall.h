/* SPDX-License-Identifier: MIT */
/* x86-64: system calls, the helper's clone, and what else is not C. */
#ifndef CX_ARCH_CPU_H
#define CX_ARCH_CPU_H

/* The largest page size: what has a page of its own is aligned to it. */
enum { ARCH_PAGE_MAX = 4096 };

static inline long arch_syscall6(long nr, long a, long b, long c, long d,
				 long e, long f)
{
	long ret;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8),
			   "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
}

static inline long arch_syscall3(long nr, long a, long b, long c)
{
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(nr), "D"(a), "S"(b), "d"(c)
			 : "rcx", "r11", "memory");
	return ret;
}

/*
 * clone(2) for a thread that runs fn(arg) on its own stack and never comes
 * back to this frame.  The kernel keeps all registers but rax, rcx and r11
 * for the child, so fn and arg travel in two of them and nothing is written
 * to the new stack.
 */
static inline long arch_clone(unsigned long flags, void *stack, int *ptid,
			      int *ctid, void (*fn)(void *), void *arg)
{
	long ret;
	register int *r10 __asm__("r10") = ctid;
	register long r8 __asm__("r8") = 0;
	register void (*r12)(void *) __asm__("r12") = fn;
	register void *r13 __asm__("r13") = arg;

	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "mov %%r13, %%rdi\n\t"
			 "call *%%r12\n\t"
			 "mov $60, %%eax\n\t" /* exit: this thread only */
			 "xor %%edi, %%edi\n\t"
			 "syscall\n\t"
			 "hlt\n"
			 "1:"
			 : "=a"(ret)
			 : "a"(56L), "D"(flags), "S"(stack), "d"(ptid),
			   "r"(r10), "r"(r8), "r"(r12), "r"(r13)
			 : "rcx", "r11", "memory");
	return ret;
}

/*
 * Valgrind's documented client request RUNNING_ON_VALGRIND: a sequence that
 * does nothing on the real CPU.
 */
static inline int arch_on_valgrind(void)
{
	volatile unsigned long request[6] = { 0x1001, 0, 0, 0, 0, 0 };
	unsigned long ret = 0;

	__asm__ volatile("rolq $3, %%rdi\n\trolq $13, %%rdi\n\t"
			 "rolq $61, %%rdi\n\trolq $51, %%rdi\n\t"
			 "xchgq %%rbx, %%rbx"
			 : "+d"(ret)
			 : "a"(&request[0])
			 : "cc", "memory");
	return ret != 0;
}

#endif
