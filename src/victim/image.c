/* SPDX-License-Identifier: MIT */
/*
 * The victim's file as data, so that the command is one file that can be
 * copied to another machine.
 */
#include "image.h"

__asm__(".section .rodata\n"
	".balign 16\n"
	".global victim_image\n"
	"victim_image:\n"
	".incbin \"" VICTIM_FILE "\"\n"
	".global victim_image_end\n"
	"victim_image_end:\n"
	".byte 0\n"
	".previous\n");
