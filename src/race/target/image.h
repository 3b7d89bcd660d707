/* SPDX-License-Identifier: MIT */
/* The target's executable (target.c). */
#ifndef TARGET_IMAGE_H
#define TARGET_IMAGE_H

extern const char target_image[];
extern const unsigned int target_image_size;

#endif
