/* SPDX-License-Identifier: MIT */
/*
 * long syscall(long nr, ...)
 *
 * Anything but the two execs must be as if this were not here, also clone,
 * which returns twice: so libc's function is jumped to with the registers and
 * the stack as they came, gp with them, which is the caller's.  See
 * x86_64/syscall.S for why this is not C.
 */
#include <sys/syscall.h>

	.text
	.globl	syscall
	.type	syscall, @function
	.ent	syscall
syscall:
	.cfi_startproc
	.set	noreorder
	.cpsetup $25, $14, syscall
	li	$12, SYS_execve
	beq	$4, $12, 1f
	 li	$12, SYS_execveat
	beq	$4, $12, 2f
	 ld	$12, %got_page(interpose_next_syscall)($28)
	ld	$25, %got_ofst(interpose_next_syscall)($12)
	beqz	$25, 3f
	 nop
	jr	$25
	 move	$28, $14

1:	move	$4, $5
	move	$5, $6
	move	$6, $7
	ld	$25, %got_disp(interpose_execve)($28)
	jr	$25
	 move	$28, $14

2:	move	$4, $5
	move	$5, $6
	move	$6, $7
	move	$7, $8
	move	$8, $9
	ld	$25, %got_disp(interpose_execveat)($28)
	jr	$25
	 move	$28, $14

3:	daddiu	$29, $29, -80
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
	ld	$25, %got_disp(interpose_find_syscall)($28)
	jalr	$25
	 sd	$10, 48($29)
	move	$25, $2
	ld	$4, 0($29)
	ld	$5, 8($29)
	ld	$6, 16($29)
	ld	$7, 24($29)
	ld	$8, 32($29)
	ld	$9, 40($29)
	ld	$10, 48($29)
	ld	$28, 64($29)
	.cfi_restore 28
	ld	$31, 72($29)
	.cfi_restore 31
	jr	$25
	 daddiu	$29, $29, 80
	.cfi_adjust_cfa_offset -80
	.cfi_endproc
	.end	syscall
	.size	syscall, . - syscall

	.section .note.GNU-stack, "", @progbits
