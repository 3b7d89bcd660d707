/* SPDX-License-Identifier: MIT */
/* 32-bit ARM: the entry of a program without libc. */
__asm__(".text\n"
	".global _start\n"
	".type _start, %function\n"
	"_start:\n\t"
	"mov r0, sp\n\t"
	"bl target_main\n\t"
	"udf #0\n");
