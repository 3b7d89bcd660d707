/* SPDX-License-Identifier: MIT */
/*
 * long syscall(long nr, ...)
 *
 * Anything but the two execs must be as if this were not here, also vfork
 * and clone, which return twice: so libc's function is jumped to with the
 * registers and the stack as they came.  C can't promise that: a compiler may
 * copy the seventh argument on the stack to where it is already, and if the
 * caller passed fewer, that is a variable of the caller's (the futex word
 * that another thread writes at that moment, for instance).
 */
#include <sys/syscall.h>

	.text
	.globl	syscall
	.type	syscall, @function
syscall:
	.cfi_startproc
	endbr64
	cmp	$SYS_execve, %rdi
	je	1f
	cmp	$SYS_execveat, %rdi
	je	2f
	mov	interpose_next_syscall(%rip), %r11
	test	%r11, %r11
	jz	3f
	jmp	*%r11

1:	mov	%rsi, %rdi
	mov	%rdx, %rsi
	mov	%rcx, %rdx
	jmp	interpose_execve

2:	mov	%rsi, %rdi
	mov	%rdx, %rsi
	mov	%rcx, %rdx
	mov	%r8, %rcx
	mov	%r9, %r8
	jmp	interpose_execveat

	/* Seven pushes: the stack is aligned for the call. */
3:	push	%rax
	push	%rdi
	push	%rsi
	push	%rdx
	push	%rcx
	push	%r8
	push	%r9
	.cfi_adjust_cfa_offset 56
	call	interpose_find_syscall
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
	.size	syscall, . - syscall

	.section .note.GNU-stack, "", @progbits
