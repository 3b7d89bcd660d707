/* SPDX-License-Identifier: MIT */
/*
 * What the shim exports and libc has under the same name, except for the exec
 * family and pthread_create(): jumps that leave the registers and the stack as
 * they came.  See x86_64/syscall.S for why this is not C.
 */
#include <sys/syscall.h>

#include "any/names.h"

	.syntax	unified
	.arm

	.macro	begin name
	.globl	\name
	.type	\name, %function
\name:
	.fnstart
	.endm

	.macro	go name, number
	ldr	r12, 3f
2:	ldr	r12, [pc, r12]
	cmp	r12, #0
	beq	1f
	bx	r12
1:	mov	r12, #\number
	b	.Lfind
3:	.word	interpose_next + 4 * \number - (2b + 8)
	.ltorg
	.cantunwind
	.fnend
	.size	\name, . - \name
	.endm

	.text
	begin	syscall
	ldr	r12, =SYS_execve
	cmp	r0, r12
	beq	1f
	ldr	r12, =SYS_execveat
	cmp	r0, r12
	beq	1f
	go	syscall, INTERPOSE_SYSCALL

	/* The number is in r12. */
.Lfind:
	.fnstart
	push	{r0, r1, r2, r3, r4, lr}
	mov	r1, r0
	mov	r0, r12
	bl	interpose_find
	mov	r12, r0
	pop	{r0, r1, r2, r3, r4, lr}
	bx	r12
	.cantunwind
	.fnend

#include "any/stubs.h"

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
