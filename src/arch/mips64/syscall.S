/* SPDX-License-Identifier: MIT */
/*
 * What the shim exports and libc has under the same name, except for the exec
 * family and pthread_create(): jumps that leave the registers and the stack as
 * they came,
 * and gp, which is the caller's.  See x86_64/syscall.S for why this is not C.
 */
#include <sys/syscall.h>

#include "any/names.h"

	.macro	begin name
	.globl	\name
	.type	\name, @function
	.ent	\name
\name:
	.cfi_startproc
	.set	noreorder
	.cpsetup $25, $14, \name
	.endm

	.macro	go name, number
	ld	$12, %got_disp(interpose_next)($28)
	ld	$25, 8 * \number($12)
	beqz	$25, 1f
	 nop
	jr	$25
	 move	$28, $14
1:	b	.Lfind
	 li	$15, \number
	.cfi_endproc
	.end	\name
	.size	\name, . - \name
	.endm

	.text
	begin	syscall
	li	$12, SYS_execve
	beq	$4, $12, 1f
	 li	$12, SYS_execveat
	beq	$4, $12, 1f
	 nop
	go	syscall, INTERPOSE_SYSCALL

	/* The number is in $15, and the caller's gp in $14. */
.Lfind:
	.cfi_startproc
	daddiu	$29, $29, -80
	.cfi_adjust_cfa_offset 80
	sd	$31, 72($29)
	.cfi_rel_offset 31, 72
	sd	$14, 64($29)
	.cfi_rel_offset 28, 64
	sd	$4, 0($29)
	sd	$5, 8($29)
	sd	$6, 16($29)
	sd	$7, 24($29)
	sd	$8, 32($29)
	sd	$9, 40($29)
	sd	$10, 48($29)
	sd	$11, 56($29)
	move	$5, $4
	ld	$25, %got_disp(interpose_find)($28)
	jalr	$25
	 move	$4, $15
	move	$25, $2
	ld	$4, 0($29)
	ld	$5, 8($29)
	ld	$6, 16($29)
	ld	$7, 24($29)
	ld	$8, 32($29)
	ld	$9, 40($29)
	ld	$10, 48($29)
	ld	$11, 56($29)
	ld	$28, 64($29)
	.cfi_restore 28
	ld	$31, 72($29)
	.cfi_restore 31
	jr	$25
	 daddiu	$29, $29, 80
	.cfi_adjust_cfa_offset -80
	.cfi_endproc

#include "any/stubs.h"

	.section .note.GNU-stack, "", @progbits
