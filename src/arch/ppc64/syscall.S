/* SPDX-License-Identifier: MIT */
/*
 * What the shim exports and libc has under the same name, except for the exec
 * family and pthread_create(): jumps that leave the registers and the stack as
 * they came.  See x86_64/syscall.S for why this is not C.
 */
#include <sys/syscall.h>

#include "any/names.h"

	.abiversion 2

	.macro	begin name
	.globl	\name
	.type	\name, @function
\name:
	.cfi_startproc
0:	addis	2, 12, .TOC. - 0b@ha
	addi	2, 2, .TOC. - 0b@l
	.localentry \name, . - \name
	.endm

	.macro	go name, number
	addis	12, 2, (interpose_next + 8 * \number)@toc@ha
	ld	12, (interpose_next + 8 * \number)@toc@l(12)
	cmpdi	12, 0
	beq	1f
	mtctr	12
	bctr
1:	li	11, \number
	b	.Lfind
	.cfi_endproc
	.size	\name, . - \name
	.endm

	.text
	begin	syscall
	cmpdi	3, SYS_execve
	beq	1f
	cmpdi	3, SYS_execveat
	beq	1f
	go	syscall, INTERPOSE_SYSCALL

	/* The number is in r11. */
.Lfind:
	.cfi_startproc
	mflr	0
	std	0, 16(1)
	stdu	1, -96(1)
	.cfi_adjust_cfa_offset 96
	.cfi_offset lr, 16
	std	3, 32(1)
	std	4, 40(1)
	std	5, 48(1)
	std	6, 56(1)
	std	7, 64(1)
	std	8, 72(1)
	std	9, 80(1)
	std	10, 88(1)
	mr	4, 3
	mr	3, 11
	bl	interpose_find
	nop
	mr	12, 3
	ld	3, 32(1)
	ld	4, 40(1)
	ld	5, 48(1)
	ld	6, 56(1)
	ld	7, 64(1)
	ld	8, 72(1)
	ld	9, 80(1)
	ld	10, 88(1)
	addi	1, 1, 96
	.cfi_adjust_cfa_offset -96
	ld	0, 16(1)
	mtlr	0
	.cfi_restore lr
	mtctr	12
	bctr
	.cfi_endproc

#include "any/stubs.h"

	.section .note.GNU-stack, "", @progbits
