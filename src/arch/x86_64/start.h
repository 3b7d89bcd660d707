/* SPDX-License-Identifier: MIT */
/* x86-64: the entry of a program without libc. */
__asm__(".text\n"
	".global _start\n"
	".type _start, @function\n"
	"_start:\n\t"
	"xor %ebp, %ebp\n\t"
	"mov %rsp, %rdi\n\t"
	"and $-16, %rsp\n\t"
	"call target_main\n\t"
	"hlt\n");
