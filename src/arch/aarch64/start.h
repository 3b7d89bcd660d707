/* SPDX-License-Identifier: MIT */
/* AArch64: the entry of a program without libc. */
__asm__(".text\n"
	".global _start\n"
	".type _start, %function\n"
	"_start:\n\t"
	"mov x29, xzr\n\t"
	"mov x30, xzr\n\t"
	"mov x0, sp\n\t"
	"bl target_main\n\t"
	"brk #1\n");
