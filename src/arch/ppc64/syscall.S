/* SPDX-License-Identifier: MIT */
/*
 * long syscall(long nr, ...)
 *
 * Anything but the two execs must be as if this were not here, also clone,
 * which returns twice: so libc's function is jumped to with the registers and
 * the stack as they came.  See x86_64.S for why this is not C.
 */
#include <sys/syscall.h>

	.abiversion 2
	.text
	.globl	syscall
	.type	syscall, @function
syscall:
	.cfi_startproc
0:	addis	2, 12, .TOC. - 0b@ha
	addi	2, 2, .TOC. - 0b@l
	.localentry syscall, . - syscall
	cmpdi	3, SYS_execve
	beq	1f
	cmpdi	3, SYS_execveat
	beq	2f
	addis	12, 2, interpose_next_syscall@toc@ha
	ld	12, interpose_next_syscall@toc@l(12)
	cmpdi	12, 0
	beq	3f
	mtctr	12
	bctr

1:	mr	3, 4
	mr	4, 5
	mr	5, 6
	b	interpose_execve

2:	mr	3, 4
	mr	4, 5
	mr	5, 6
	mr	6, 7
	mr	7, 8
	b	interpose_execveat

3:	mflr	0
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
	bl	interpose_find_syscall
	nop
	mr	12, 3
	ld	3, 32(1)
	ld	4, 40(1)
	ld	5, 48(1)
	ld	6, 56(1)
	ld	7, 64(1)
	ld	8, 72(1)
	ld	9, 80(1)
	addi	1, 1, 96
	.cfi_adjust_cfa_offset -96
	ld	0, 16(1)
	mtlr	0
	.cfi_restore lr
	mtctr	12
	bctr
	.cfi_endproc
	.size	syscall, . - syscall

	.section .note.GNU-stack, "", @progbits
