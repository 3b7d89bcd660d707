/* SPDX-License-Identifier: MIT */
/*
 * The target: a program that says which privileges it was started with.
 *
 * It writes one line to descriptor 1 and exits with 0:
 *
 *	ruid euid suid rgid egid sgid permitted effective at_secure
 *
 * (the two capability sets in hexadecimal).  It exists for a moment as a
 * set-user-ID root file, so it reads no argument, no environment and no
 * file, and has no libc, no loader and no writable memory but its stack.
 */
#include <linux/capability.h>
#include <linux/auxvec.h>
#include <sys/syscall.h>

#include CX_ARCH_H
#include TARGET_START_H

struct line {
	char text[160];
	int length;
};

/* The numbers of ids are 16 bits wide under the first names, on 32 bits. */
#ifdef SYS_getresuid32
enum { GETRESUID = SYS_getresuid32, GETRESGID = SYS_getresgid32 };
#else
enum { GETRESUID = SYS_getresuid, GETRESGID = SYS_getresgid };
#endif

static void put_number(struct line *l, unsigned int n)
{
	char digits[12];
	int count = 0;

	do {
		digits[count++] = (char)('0' + n % 10);
		n /= 10;
	} while (n);
	while (count)
		l->text[l->length++] = digits[--count];
	l->text[l->length++] = ' ';
}

/* By shifts: a 32-bit CPU would call libgcc to divide so many bits. */
static void put_set(struct line *l, unsigned int low, unsigned int high)
{
	unsigned long long set = low | (unsigned long long)high << 32;
	int shift;

	for (shift = 60; shift > 0 && !(set >> shift); shift -= 4)
		;
	for (; shift >= 0; shift -= 4)
		l->text[l->length++] =
			"0123456789abcdef"[(unsigned int)(set >> shift) & 15];
	l->text[l->length++] = ' ';
}

static void put_ids(struct line *l, long syscall)
{
	unsigned int id[3] = { 0, 0, 0 };

	arch_syscall3(syscall, (long)&id[0], (long)&id[1], (long)&id[2]);
	put_number(l, id[0]);
	put_number(l, id[1]);
	put_number(l, id[2]);
}

static void put_capabilities(struct line *l)
{
	struct __user_cap_header_struct header;
	struct __user_cap_data_struct data[2];

	header.version = _LINUX_CAPABILITY_VERSION_3;
	header.pid = 0;
	data[0].permitted = data[0].effective = 0;
	data[1].permitted = data[1].effective = 0;
	arch_syscall3(SYS_capget, (long)&header, (long)data, 0);
	put_set(l, data[0].permitted, data[1].permitted);
	put_set(l, data[0].effective, data[1].effective);
}

/* The stack at the start: argc, argv…, NULL, environment…, NULL, auxv. */
static unsigned long at_secure(const unsigned long *stack)
{
	const unsigned long *p = stack + 1 + stack[0] + 1;

	while (*p)
		p++;
	for (p++; p[0] != AT_NULL; p += 2)
		if (p[0] == AT_SECURE)
			return p[1];
	return 0;
}

_Noreturn void target_main(const unsigned long *stack);
_Noreturn void target_main(const unsigned long *stack)
{
	struct line l;

	l.length = 0;
	put_ids(&l, GETRESUID);
	put_ids(&l, GETRESGID);
	put_capabilities(&l);
	put_number(&l, (unsigned int)at_secure(stack));
	l.text[l.length - 1] = '\n';
	arch_syscall3(SYS_write, 1, (long)l.text, l.length);
	for (;;)
		arch_syscall3(SYS_exit_group, 0, 0, 0);
}
