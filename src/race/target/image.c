/* SPDX-License-Identifier: MIT */
/*
 * The target's file as data, so that the command is one file that can be
 * copied to another machine.
 */
#include "image.h"

__asm__(".section .rodata\n"
	".balign 16\n"
	".global target_image\n"
	"target_image:\n"
	".incbin \"" TARGET_FILE "\"\n"
	".balign 4\n"
	".global target_image_size\n"
	"target_image_size:\n"
	".long target_image_size - target_image\n"
	".previous\n");
