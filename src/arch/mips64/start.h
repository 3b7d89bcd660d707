/* SPDX-License-Identifier: MIT */
/* 64-bit MIPS: the entry of a program without libc, which finds out where it
   is, for functions want their own address in t9 ($25).  The linker wants two
   underscores. */
__asm__(".text\n"
	".global __start\n"
	".type __start, @function\n"
	".align 3\n"
	".set push\n"
	".set noreorder\n"
	"__start:\n\t"
	"bal 2f\n\t"
	" move $4, $29\n"
	"1:\t.gpdword 1b\n\t"
	".gpdword target_main\n"
	"2:\tld $28, 0($31)\n\t"
	"dsubu $28, $31, $28\n\t"
	"ld $25, 8($31)\n\t"
	"daddu $25, $25, $28\n\t"
	"li $3, -16\n\t"
	"jalr $25\n\t"
	" and $29, $29, $3\n\t"
	"break\n\t"
	".set pop\n");
