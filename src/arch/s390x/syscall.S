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
	.type	\name, @function
	.align	8
\name:
	.cfi_startproc
	.endm

	.macro	go name, number
	lgrl	%r1, interpose_next + 8 * \number
	ltgr	%r1, %r1
	jz	1f
	br	%r1
1:	lghi	%r1, \number
	jg	.Lfind
	.cfi_endproc
	.size	\name, . - \name
	.endm

	.text
	begin	syscall
	cghi	%r2, SYS_execve
	je	1f
	cghi	%r2, SYS_execveat
	je	1f
	go	syscall, INTERPOSE_SYSCALL

	/* The number is in r1. */
.Lfind:
	.cfi_startproc
	stmg	%r2, %r15, 16(%r15)
	.cfi_offset %r6, -112
	.cfi_offset %r14, -48
	.cfi_offset %r15, -40
	aghi	%r15, -160
	.cfi_adjust_cfa_offset 160
	lgr	%r3, %r2
	lgr	%r2, %r1
	brasl	%r14, interpose_find
	lgr	%r1, %r2
	lmg	%r2, %r15, 176(%r15)
	.cfi_adjust_cfa_offset -160
	.cfi_restore %r6
	.cfi_restore %r14
	.cfi_restore %r15
	br	%r1
	.cfi_endproc

#include "any/stubs.h"

	.section .note.GNU-stack, "", @progbits
