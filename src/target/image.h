/* SPDX-License-Identifier: MIT */
/* The victim's executable (target.c), from target_image to its end. */
#ifndef TARGET_IMAGE_H
#define TARGET_IMAGE_H

extern const char target_image[];
extern const char target_image_end[];

#endif
