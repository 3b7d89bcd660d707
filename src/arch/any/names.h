/* SPDX-License-Identifier: MIT */
/* The names that syscall.S defines, as numbers; for C and for the assembler. */
#ifndef CX_ARCH_NAMES_H
#define CX_ARCH_NAMES_H

#define INTERPOSE_SYSCALL 0
#define INTERPOSE_CLONE 1
#define INTERPOSE_SETUID 2
#define INTERPOSE_SETGID 3
#define INTERPOSE_SETEUID 4
#define INTERPOSE_SETEGID 5
#define INTERPOSE_SETREUID 6
#define INTERPOSE_SETREGID 7
#define INTERPOSE_SETRESUID 8
#define INTERPOSE_SETRESGID 9
#define INTERPOSE_SETGROUPS 10
#define INTERPOSE_INITGROUPS 11
#define INTERPOSE_NAMES 12

#endif
