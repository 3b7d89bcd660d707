/* SPDX-License-Identifier: MIT */
/*
 * long syscall(long nr, ...)
 *
 * Anything but the two execs must be as if this were not here, also clone,
 * which returns twice: so libc's function is jumped to with the registers and
 * the stack as they came.  See x86_64/syscall.S for why this is not C.
 */
#include <sys/syscall.h>

	.text
	.globl	syscall
	.type	syscall, @function
	.align	8
syscall:
	.cfi_startproc
	cghi	%r2, SYS_execve
	je	1f
	cghi	%r2, SYS_execveat
	je	2f
	lgrl	%r1, interpose_next_syscall
	ltgr	%r1, %r1
	jz	3f
	br	%r1

1:	lgr	%r2, %r3
	lgr	%r3, %r4
	lgr	%r4, %r5
	jg	interpose_execve

	/* The flags came on the stack and go in r6, which is the caller's. */
2:	stmg	%r6, %r15, 48(%r15)
	.cfi_remember_state
	.cfi_offset %r6, -112
	.cfi_offset %r14, -48
	.cfi_offset %r15, -40
	lgr	%r2, %r3
	lgr	%r3, %r4
	lgr	%r4, %r5
	lgr	%r5, %r6
	lg	%r6, 160(%r15)
	aghi	%r15, -160
	.cfi_adjust_cfa_offset 160
	brasl	%r14, interpose_execveat
	lmg	%r6, %r15, 208(%r15)
	.cfi_restore_state
	br	%r14

3:	stmg	%r2, %r15, 16(%r15)
	.cfi_offset %r6, -112
	.cfi_offset %r14, -48
	.cfi_offset %r15, -40
	aghi	%r15, -160
	.cfi_adjust_cfa_offset 160
	brasl	%r14, interpose_find_syscall
	lgr	%r1, %r2
	lmg	%r2, %r15, 176(%r15)
	.cfi_adjust_cfa_offset -160
	.cfi_restore %r6
	.cfi_restore %r14
	.cfi_restore %r15
	br	%r1
	.cfi_endproc
	.size	syscall, . - syscall

	.section .note.GNU-stack, "", @progbits
