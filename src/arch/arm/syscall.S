/* SPDX-License-Identifier: MIT */
/*
 * long syscall(long nr, ...)
 *
 * Anything but the two execs must be as if this were not here, also clone,
 * which returns twice: so libc's function is jumped to with the registers and
 * the stack as they came.  See x86_64.S for why this is not C.
 */
#include <sys/syscall.h>

	.syntax	unified
	.arm
	.text
	.globl	syscall
	.type	syscall, %function
syscall:
	.fnstart
	ldr	r12, =SYS_execve
	cmp	r0, r12
	beq	1f
	ldr	r12, =SYS_execveat
	cmp	r0, r12
	beq	2f
	ldr	r12, 5f
4:	ldr	r12, [pc, r12]
	cmp	r12, #0
	beq	3f
	bx	r12

1:	mov	r0, r1
	mov	r1, r2
	mov	r2, r3
	b	interpose_execve

	/* The fifth argument goes on the stack, which stays aligned. */
2:	mov	r0, r1
	mov	r1, r2
	mov	r2, r3
	ldr	r3, [sp]
	ldr	r12, [sp, #4]
	push	{r12, lr}
	bl	interpose_execveat
	pop	{r12, pc}

3:	push	{r0, r1, r2, r3, r4, lr}
	bl	interpose_find_syscall
	mov	r12, r0
	pop	{r0, r1, r2, r3, r4, lr}
	bx	r12

5:	.word	interpose_next_syscall - (4b + 8)
	.ltorg
	.cantunwind
	.fnend
	.size	syscall, . - syscall

	/* What libgcc does when it is to divide by zero; its own would raise a
	   signal by libc. */
	.globl	__aeabi_idiv0
	.globl	__aeabi_ldiv0
	.hidden	__aeabi_idiv0
	.hidden	__aeabi_ldiv0
	.type	__aeabi_idiv0, %function
	.type	__aeabi_ldiv0, %function
__aeabi_idiv0:
__aeabi_ldiv0:
	udf	#0

	.section .note.GNU-stack, "", %progbits
