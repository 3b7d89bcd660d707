/* SPDX-License-Identifier: MIT */
/* 64-bit POWER: the entry of a program without libc. */
__asm__(".text\n"
	".global _start\n"
	".type _start, @function\n"
	"_start:\n\t"
	"addis 2, 12, .TOC.-_start@ha\n\t"
	"addi 2, 2, .TOC.-_start@l\n\t"
	"mr 3, 1\n\t"
	"clrrdi 1, 1, 4\n\t"
	"li 0, 0\n\t"
	"stdu 0, -64(1)\n\t"
	"bl target_main\n\t"
	"nop\n\t"
	"trap\n");
