/* SPDX-License-Identifier: MIT */
/* 64-bit IBM Z: the entry of a program without libc. */
__asm__(".text\n"
	".global _start\n"
	".type _start, @function\n"
	"_start:\n\t"
	"lgr %r2, %r15\n\t"
	"aghi %r15, -160\n\t"
	"xc 0(8,%r15), 0(%r15)\n\t"
	"brasl %r14, target_main\n\t"
	"j .+2\n");
