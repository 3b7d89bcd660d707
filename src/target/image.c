/* SPDX-License-Identifier: MIT */
/*
 * The victim's file as data, so that the command is one file that can be
 * copied to another machine.
 */
#include "image.h"

__asm__(".section .rodata\n"
	".balign 16\n"
	".global target_image\n"
	"target_image:\n"
	".incbin \"" TARGET_FILE "\"\n"
	".global target_image_end\n"
	"target_image_end:\n"
	".byte 0\n"
	".previous\n");
