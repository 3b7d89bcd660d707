/* SPDX-License-Identifier: MIT */
/* The victim's executable (victim.c). */
#ifndef VICTIM_IMAGE_H
#define VICTIM_IMAGE_H

extern const char victim_image[];
extern const unsigned int victim_image_size;

#endif
