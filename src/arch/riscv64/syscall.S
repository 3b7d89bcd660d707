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
	li	t0, SYS_execve
	beq	a0, t0, 1f
	li	t0, SYS_execveat
	beq	a0, t0, 2f
	lla	t0, interpose_next_syscall
	ld	t0, 0(t0)
	beqz	t0, 3f
	jr	t0

1:	mv	a0, a1
	mv	a1, a2
	mv	a2, a3
	tail	interpose_execve

2:	mv	a0, a1
	mv	a1, a2
	mv	a2, a3
	mv	a3, a4
	mv	a4, a5
	tail	interpose_execveat

3:	addi	sp, sp, -64
	.cfi_adjust_cfa_offset 64
	sd	ra, 0(sp)
	.cfi_rel_offset ra, 0
	sd	a0, 8(sp)
	sd	a1, 16(sp)
	sd	a2, 24(sp)
	sd	a3, 32(sp)
	sd	a4, 40(sp)
	sd	a5, 48(sp)
	sd	a6, 56(sp)
	call	interpose_find_syscall
	mv	t0, a0
	ld	ra, 0(sp)
	ld	a0, 8(sp)
	ld	a1, 16(sp)
	ld	a2, 24(sp)
	ld	a3, 32(sp)
	ld	a4, 40(sp)
	ld	a5, 48(sp)
	ld	a6, 56(sp)
	addi	sp, sp, 64
	.cfi_adjust_cfa_offset -64
	.cfi_restore ra
	jr	t0
	.cfi_endproc
	.size	syscall, . - syscall

	.section .note.GNU-stack, "", %progbits
