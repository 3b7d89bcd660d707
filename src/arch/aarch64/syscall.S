/* SPDX-License-Identifier: MIT */
/*
 * long syscall(long nr, ...)
 *
 * Anything but the two execs must be as if this were not here, also clone,
 * which returns twice: so libc's function is jumped to with the registers and
 * the stack as they came.  See x86_64.S for why this is not C.
 */
#include <sys/syscall.h>

	.text
	.globl	syscall
	.type	syscall, %function
syscall:
	.cfi_startproc
	hint	#34		/* bti c */
	cmp	x0, #SYS_execve
	b.eq	1f
	cmp	x0, #SYS_execveat
	b.eq	2f
	adrp	x16, interpose_next_syscall
	ldr	x16, [x16, :lo12:interpose_next_syscall]
	cbz	x16, 3f
	br	x16

1:	mov	x0, x1
	mov	x1, x2
	mov	x2, x3
	b	interpose_execve

2:	mov	x0, x1
	mov	x1, x2
	mov	x2, x3
	mov	x3, x4
	mov	x4, x5
	b	interpose_execveat

3:	stp	x29, x30, [sp, #-80]!
	.cfi_adjust_cfa_offset 80
	.cfi_rel_offset x29, 0
	.cfi_rel_offset x30, 8
	mov	x29, sp
	stp	x0, x1, [sp, #16]
	stp	x2, x3, [sp, #32]
	stp	x4, x5, [sp, #48]
	str	x6, [sp, #64]
	bl	interpose_find_syscall
	mov	x16, x0
	ldp	x0, x1, [sp, #16]
	ldp	x2, x3, [sp, #32]
	ldp	x4, x5, [sp, #48]
	ldr	x6, [sp, #64]
	ldp	x29, x30, [sp], #80
	.cfi_adjust_cfa_offset -80
	.cfi_restore x29
	.cfi_restore x30
	br	x16
	.cfi_endproc
	.size	syscall, . - syscall

	.section .note.GNU-stack, "", %progbits
