/* SPDX-License-Identifier: MIT */
/* The victim's executable (victim.c), from victim_image to its end. */
#ifndef VICTIM_IMAGE_H
#define VICTIM_IMAGE_H

extern const char victim_image[];
extern const char victim_image_end[];

#endif
