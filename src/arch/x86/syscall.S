/* SPDX-License-Identifier: MIT */
/*
 * long syscall(long nr, ...)
 *
 * Anything but the two execs must be as if this were not here, also clone,
 * which returns twice: so libc's function is jumped to with the stack as it
 * came.  See x86_64.S for why this is not C.
 */
#include <sys/syscall.h>

	.text
	.globl	syscall
	.type	syscall, @function
syscall:
	.cfi_startproc
	movl	4(%esp), %eax
	cmpl	$SYS_execve, %eax
	je	1f
	cmpl	$SYS_execveat, %eax
	je	2f
	call	4f
0:	addl	$_GLOBAL_OFFSET_TABLE_ + (. - 0b), %ecx
	movl	interpose_next_syscall@GOTOFF(%ecx), %eax
	testl	%eax, %eax
	jz	3f
	jmp	*%eax

	/* On a stack that is aligned for the call, here and below. */
1:	pushl	16(%esp)
	pushl	16(%esp)
	pushl	16(%esp)
	.cfi_adjust_cfa_offset 12
	call	interpose_execve
	addl	$12, %esp
	.cfi_adjust_cfa_offset -12
	ret

2:	subl	$8, %esp
	pushl	32(%esp)
	pushl	32(%esp)
	pushl	32(%esp)
	pushl	32(%esp)
	pushl	32(%esp)
	.cfi_adjust_cfa_offset 28
	call	interpose_execveat
	addl	$28, %esp
	.cfi_adjust_cfa_offset -28
	ret

3:	subl	$12, %esp
	.cfi_adjust_cfa_offset 12
	call	interpose_find_syscall
	addl	$12, %esp
	.cfi_adjust_cfa_offset -12
	jmp	*%eax

	/* Where we are, in ecx. */
4:	movl	(%esp), %ecx
	ret
	.cfi_endproc
	.size	syscall, . - syscall

	.section .note.GNU-stack, "", @progbits
