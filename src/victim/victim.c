/* SPDX-License-Identifier: MIT */
/*
 * The victim: a program that says which privileges it was started with.
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
#include VICTIM_START_H

struct line {
	char text[160];
	int length;
};

static void put_number(struct line *l, unsigned long n, unsigned int base)
{
	char digits[24];
	int count = 0;

	do {
		digits[count++] = "0123456789abcdef"[n % base];
		n /= base;
	} while (n);
	while (count)
		l->text[l->length++] = digits[--count];
	l->text[l->length++] = ' ';
}

static void put_ids(struct line *l, long syscall)
{
	unsigned int id[3] = { 0, 0, 0 };

	arch_syscall3(syscall, (long)&id[0], (long)&id[1], (long)&id[2]);
	put_number(l, id[0], 10);
	put_number(l, id[1], 10);
	put_number(l, id[2], 10);
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
	put_number(l, data[0].permitted |
			  (unsigned long)data[1].permitted << 32, 16);
	put_number(l, data[0].effective |
			  (unsigned long)data[1].effective << 32, 16);
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
	put_ids(&l, SYS_getresuid);
	put_ids(&l, SYS_getresgid);
	put_capabilities(&l);
	put_number(&l, at_secure(stack), 10);
	l.text[l.length - 1] = '\n';
	arch_syscall3(SYS_write, 1, (long)l.text, l.length);
	for (;;)
		arch_syscall3(SYS_exit_group, 0, 0, 0);
}
