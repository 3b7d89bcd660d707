/* SPDX-License-Identifier: MIT */
/* For the assembler: all of names.h except for syscall. */
	.macro	stub name, number
	begin	\name
	go	\name, \number
	.endm

	stub	clone, INTERPOSE_CLONE
	stub	setuid, INTERPOSE_SETUID
	stub	setgid, INTERPOSE_SETGID
	stub	seteuid, INTERPOSE_SETEUID
	stub	setegid, INTERPOSE_SETEGID
	stub	setreuid, INTERPOSE_SETREUID
	stub	setregid, INTERPOSE_SETREGID
	stub	setresuid, INTERPOSE_SETRESUID
	stub	setresgid, INTERPOSE_SETRESGID
	stub	setgroups, INTERPOSE_SETGROUPS
	stub	initgroups, INTERPOSE_INITGROUPS
