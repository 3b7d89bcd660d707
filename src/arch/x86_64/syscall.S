/* SPDX-License-Identifier: MIT */
/*
 * What the shim exports and libc has under the same name, except for the exec
 * family and pthread_create().
 *
 * An application's library may have a function of its own by that name, with
 * any arguments and any result, and then the program must get that one as if
 * this were not here.  libc's syscall() must be as it is, too, also vfork and
 * clone by it, which return twice.  So it is jumped to, with the registers and
 * the stack as they came, what interpose_find() names: the other one, libc's,
 * or what the shim has in its place.  C can't promise that: a compiler may
 * copy the seventh argument on the stack to where it is already, and if the
 * caller passed fewer, that is a variable of the caller's (the futex word
 * that another thread writes at that moment, for instance).
 */
#include <sys/syscall.h>

#include "any/names.h"

	.macro	begin name
	.globl	\name
	.type	\name, @function
\name:
	.cfi_startproc
	endbr64
	.endm

	.macro	go name, number
	mov	interpose_next + 8 * \number(%rip), %r11
	test	%r11, %r11
	jz	1f
	jmp	*%r11
1:	mov	$\number, %r11d
	jmp	.Lfind
	.cfi_endproc
	.size	\name, . - \name
	.endm

	.text
	begin	syscall
	cmp	$SYS_execve, %rdi
	je	1f
	cmp	$SYS_execveat, %rdi
	je	1f
	go	syscall, INTERPOSE_SYSCALL

	/* The number is in r11.  Seven pushes: the stack is aligned for the
	   call.  (rax has the number of vector registers, which stay.) */
.Lfind:
	.cfi_startproc
	push	%rax
	push	%rdi
	push	%rsi
	push	%rdx
	push	%rcx
	push	%r8
	push	%r9
	.cfi_adjust_cfa_offset 56
	mov	%rdi, %rsi
	mov	%r11d, %edi
	call	interpose_find
	mov	%rax, %r11
	pop	%r9
	pop	%r8
	pop	%rcx
	pop	%rdx
	pop	%rsi
	pop	%rdi
	pop	%rax
	.cfi_adjust_cfa_offset -56
	jmp	*%r11
	.cfi_endproc

#include "any/stubs.h"

	.section .note.GNU-stack, "", @progbits
