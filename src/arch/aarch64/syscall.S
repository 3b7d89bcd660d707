/* SPDX-License-Identifier: MIT */
/*
 * What the shim exports and libc has under the same name, except for the exec
 * family and pthread_create(): jumps that leave the registers and the stack as
 * they came.  See x86_64/syscall.S for why this is not C.
 */
#include <sys/syscall.h>

#include "any/names.h"

	.macro	begin name
	.globl	\name
	.type	\name, %function
\name:
	.cfi_startproc
	hint	#34		/* bti c */
	.endm

	.macro	go name, number
	adrp	x16, interpose_next + 8 * \number
	ldr	x16, [x16, :lo12:interpose_next + 8 * \number]
	cbz	x16, 1f
	br	x16
1:	mov	w17, #\number
	b	.Lfind
	.cfi_endproc
	.size	\name, . - \name
	.endm

	.text
	begin	syscall
	cmp	x0, #SYS_execve
	b.eq	1f
	cmp	x0, #SYS_execveat
	b.eq	1f
	go	syscall, INTERPOSE_SYSCALL

	/* The number is in w17.  (x8 says where a large result goes.) */
.Lfind:
	.cfi_startproc
	stp	x29, x30, [sp, #-96]!
	.cfi_adjust_cfa_offset 96
	.cfi_rel_offset x29, 0
	.cfi_rel_offset x30, 8
	mov	x29, sp
	stp	x0, x1, [sp, #16]
	stp	x2, x3, [sp, #32]
	stp	x4, x5, [sp, #48]
	stp	x6, x7, [sp, #64]
	str	x8, [sp, #80]
	mov	x1, x0
	mov	w0, w17
	bl	interpose_find
	mov	x16, x0
	ldp	x0, x1, [sp, #16]
	ldp	x2, x3, [sp, #32]
	ldp	x4, x5, [sp, #48]
	ldp	x6, x7, [sp, #64]
	ldr	x8, [sp, #80]
	ldp	x29, x30, [sp], #96
	.cfi_adjust_cfa_offset -96
	.cfi_restore x29
	.cfi_restore x30
	br	x16
	.cfi_endproc

#include "any/stubs.h"

	.section .note.GNU-stack, "", %progbits
