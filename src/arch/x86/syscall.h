/* SPDX-License-Identifier: MIT */
/* i386: system calls, the helper's clone, and what else is not C. */
#ifndef CX_ARCH_CPU_H
#define CX_ARCH_CPU_H

/* The largest page size: what has a page of its own is aligned to it. */
enum { ARCH_PAGE_MAX = 4096 };

/* The sixth argument goes in ebp, which may be the frame pointer. */
static inline long arch_syscall6(long nr, long a, long b, long c, long d,
				 long e, long f)
{
	long ret;

	__asm__ volatile("pushl %7\n\t"
			 "pushl %%ebp\n\t"
			 "movl 4(%%esp), %%ebp\n\t"
			 "int $0x80\n\t"
			 "popl %%ebp\n\t"
			 "addl $4, %%esp"
			 : "=a"(ret)
			 : "a"(nr), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e),
			   "g"(f)
			 : "memory");
	return ret;
}

static inline long arch_syscall3(long nr, long a, long b, long c)
{
	long ret;

	__asm__ volatile("int $0x80"
			 : "=a"(ret)
			 : "a"(nr), "b"(a), "c"(b), "d"(c)
			 : "memory");
	return ret;
}

/*
 * clone(2) for a thread that runs fn(arg) on its own stack and never comes
 * back to this frame.  No register is left for fn and arg, so they travel on
 * the new stack, where fn finds its argument.
 */
static inline long arch_clone(unsigned long flags, void *stack, int *ptid,
			      int *ctid, void (*fn)(void *), void *arg)
{
	void **top = (void **)stack - 4;
	long ret;

	top[0] = arg;
	top[1] = (void *)fn;
	__asm__ volatile("int $0x80\n\t"
			 "testl %%eax, %%eax\n\t"
			 "jnz 1f\n\t"
			 "xorl %%ebp, %%ebp\n\t"
			 "call *4(%%esp)\n\t"
			 "movl $1, %%eax\n\t" /* exit: this thread only */
			 "xorl %%ebx, %%ebx\n\t"
			 "int $0x80\n\t"
			 "hlt\n"
			 "1:"
			 : "=a"(ret)
			 : "a"(120L), "b"(flags), "c"(top), "d"(ptid), "S"(0),
			   "D"(ctid)
			 : "memory");
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

	__asm__ volatile("roll $3, %%edi\n\troll $13, %%edi\n\t"
			 "roll $29, %%edi\n\troll $19, %%edi\n\t"
			 "xchgl %%ebx, %%ebx"
			 : "+d"(ret)
			 : "a"(&request[0])
			 : "cc", "memory");
	return ret != 0;
}

#endif
