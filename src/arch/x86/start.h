/* SPDX-License-Identifier: MIT */
/* i386: the entry of a program without libc. */
__asm__(".text\n"
	".global _start\n"
	".type _start, @function\n"
	"_start:\n\t"
	"xorl %ebp, %ebp\n\t"
	"movl %esp, %eax\n\t"
	"andl $-16, %esp\n\t"
	"subl $12, %esp\n\t"
	"pushl %eax\n\t"
	"call target_main\n\t"
	"hlt\n");
