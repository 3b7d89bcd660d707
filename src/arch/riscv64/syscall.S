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
	.endm

	.macro	go name, number
	lla	t0, interpose_next
	ld	t0, 8 * \number(t0)
	beqz	t0, 1f
	jr	t0
1:	li	t1, \number
	j	.Lfind
	.cfi_endproc
	.size	\name, . - \name
	.endm

	.text
	begin	syscall
	li	t0, SYS_execve
	beq	a0, t0, 1f
	li	t0, SYS_execveat
	beq	a0, t0, 1f
	go	syscall, INTERPOSE_SYSCALL

	/* The number is in t1. */
.Lfind:
	.cfi_startproc
	addi	sp, sp, -80
	.cfi_adjust_cfa_offset 80
	sd	ra, 0(sp)
	.cfi_rel_offset ra, 0
	sd	a0, 8(sp)
	sd	a1, 16(sp)
	sd	a2, 24(sp)
	sd	a3, 32(sp)
	sd	a4, 40(sp)
	sd	a5, 48(sp)
	sd	a6, 56(sp)
	sd	a7, 64(sp)
	mv	a1, a0
	mv	a0, t1
	call	interpose_find
	mv	t0, a0
	ld	ra, 0(sp)
	ld	a0, 8(sp)
	ld	a1, 16(sp)
	ld	a2, 24(sp)
	ld	a3, 32(sp)
	ld	a4, 40(sp)
	ld	a5, 48(sp)
	ld	a6, 56(sp)
	ld	a7, 64(sp)
	addi	sp, sp, 80
	.cfi_adjust_cfa_offset -80
	.cfi_restore ra
	jr	t0
	.cfi_endproc

#include "any/stubs.h"

	.section .note.GNU-stack, "", %progbits
