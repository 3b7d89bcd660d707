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
\name:
	.cfi_startproc
	.endm

	.macro	go name, number
	call	.Lhere
2:	addl	$_GLOBAL_OFFSET_TABLE_ + (. - 2b), %ecx
	movl	interpose_next@GOTOFF + 4 * \number(%ecx), %eax
	testl	%eax, %eax
	jz	1f
	jmp	*%eax
1:	movl	$\number, %eax
	jmp	.Lfind
	.cfi_endproc
	.size	\name, . - \name
	.endm

	.text
	begin	syscall
	movl	4(%esp), %eax
	cmpl	$SYS_execve, %eax
	je	1f
	cmpl	$SYS_execveat, %eax
	je	1f
	go	syscall, INTERPOSE_SYSCALL

	/* The number is in eax.  On a stack that is aligned for the call. */
.Lfind:
	.cfi_startproc
	subl	$4, %esp
	pushl	8(%esp)
	pushl	%eax
	.cfi_adjust_cfa_offset 12
	call	interpose_find
	addl	$12, %esp
	.cfi_adjust_cfa_offset -12
	jmp	*%eax
	.cfi_endproc

	/* Where we are, in ecx. */
.Lhere:
	.cfi_startproc
	movl	(%esp), %ecx
	ret
	.cfi_endproc

#include "any/stubs.h"

	.section .note.GNU-stack, "", @progbits
