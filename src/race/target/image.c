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
	".balign 4\n"
	".global victim_image_size\n"
	"victim_image_size:\n"
	".long victim_image_size - victim_image\n"
	".previous\n");
