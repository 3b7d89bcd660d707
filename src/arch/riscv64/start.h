/* SPDX-License-Identifier: MIT */
/* 64-bit RISC-V: the entry of a program without libc. */
__asm__(".text\n"
	".global _start\n"
	".type _start, %function\n"
	"_start:\n\t"
	".option push\n\t"
	".option norelax\n\t"
	"lla gp, __global_pointer$\n\t"
	".option pop\n\t"
	"mv a0, sp\n\t"
	"andi sp, sp, -16\n\t"
	"call target_main\n\t"
	"ebreak\n");
