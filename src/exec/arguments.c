/* SPDX-License-Identifier: MIT */
#include "arguments.h"

#include <errno.h>
#include <sys/resource.h>

#include "sys.h"

/* The smallest page size of all: what is readable here is so to its end. */
enum { PAGE = 4096 };

enum {
	STRING_MAX = 32 * ARCH_PAGE_MAX, /* MAX_ARG_STRLEN */
	TOTAL_MIN = 128 * 1024,		 /* ARG_MAX */
	TOTAL_MAX = 6 * 1024 * 1024,	 /* 3/4 of _STK_LIM */
	/* The kernel counts the file's name too and rounds here and there.
	   "Certainly refused" leaves it this much room. */
	SLACK = 2 * PAGE,
};

/*
 * execve answers EFAULT for a bad pointer and so must we, without dying of
 * it.  rt_sigprocmask with an impossible `how` copies a set from its second
 * argument, changes nothing and answers EFAULT or EINVAL.  One call per page,
 * and never for address 0: that one means "no set", which is no fault.  The
 * last few pages are remembered: vectors and strings mostly share some.
 */
enum { PAGES = 4 };

struct reader {
	uintptr_t page[PAGES];
	unsigned int next;
};

static const uintptr_t SET_SIZE = sizeof(sys_sigset);

static int is_readable(struct reader *r, uintptr_t p)
{
	const uintptr_t page = p & -(uintptr_t)PAGE;
	unsigned int i;

	for (i = 0; i < PAGES; i++)
		if (r->page[i] == page && page)
			return 1;
	if (sys_sigmask(-1, (const sys_sigset *)((p & -SET_SIZE) | SET_SIZE),
			NULL) == -EFAULT)
		return 0;
	r->page[r->next++ % PAGES] = page;
	return 1;
}

/* The word has a zero byte: the classic test, without a false positive. */
static int has_zero(uint64_t w)
{
	return ((w - 0x0101010101010101ULL) & ~w & 0x8080808080808080ULL) != 0;
}

typedef uint64_t __attribute__((may_alias)) eight_bytes;

/* Bytes with the NUL; more than STRING_MAX for any longer; -EFAULT. */
static long string_size(struct reader *r, uintptr_t s)
{
	uintptr_t p = s;

	if (!is_readable(r, p))
		return -EFAULT;
	while (p - s <= STRING_MAX) {
		if ((p & 7) == 0) {
			if ((p & (PAGE - 1)) == 0 && !is_readable(r, p))
				return -EFAULT;
			if (!has_zero(*(const eight_bytes *)p)) {
				p += 8;
				continue;
			}
		}
		if (*(const char *)p == '\0')
			return (long)(p - s + 1);
		p++;
	}
	return STRING_MAX + 1;
}

/* execve takes a vector at any address. */
struct __attribute__((packed, may_alias)) entry {
	const char *string;
};

/* A quarter of the stack, at least ARG_MAX: asked for only by what is more. */
static long limit_of_stack(void)
{
	uint64_t stack[2] = { 0, 0 };
	long limit = TOTAL_MAX;

	if (arch_syscall6(SYS_prlimit64, 0, RLIMIT_STACK, 0, (long)stack, 0,
			  0) == 0 &&
	    stack[0] / 4 < TOTAL_MAX)
		limit = (long)(stack[0] / 4);
	return limit < TOTAL_MIN ? TOTAL_MIN : limit;
}

/* What both vectors take on the new stack. */
struct sum {
	long total, limit;
	int is_limit_known;
	struct reader reader;
};

static int is_too_much(struct sum *sum)
{
	if (sum->total <= TOTAL_MIN + SLACK)
		return 0;
	if (!sum->is_limit_known)
		sum->limit = limit_of_stack() + SLACK;
	sum->is_limit_known = 1;
	return sum->total > sum->limit;
}

/* Adds what one of them takes. */
static int add(char *const *vector, struct sum *sum)
{
	uintptr_t p = (uintptr_t)vector;
	const char *string;
	long n;

	for (; vector; p += sizeof(char *)) {
		if (!is_readable(&sum->reader, p) ||
		    !is_readable(&sum->reader, p + sizeof(char *) - 1))
			return -EFAULT;
		string = ((const struct entry *)p)->string;
		if (!string)
			break;
		n = string_size(&sum->reader, (uintptr_t)string);
		if (n < 0)
			return (int)n;
		sum->total += n + (long)sizeof(char *);
		if (n > STRING_MAX || is_too_much(sum))
			return -E2BIG;
	}
	return 0;
}

int cx_arguments_check(char *const *argv, char *const *envp)
{
	struct sum sum = { .total = 0 };
	int r;

	/*
	 * Memcheck would report each string on the heap: for the words that
	 * are read past its end, and for the odd system call.
	 */
	if (arch_on_valgrind())
		return 0;
	r = add(argv, &sum);
	return r < 0 ? r : add(envp, &sum);
}

int cx_arguments_copy(char *to, size_t size, const char *from)
{
	struct reader r = { .next = 0 };
	uintptr_t p = (uintptr_t)from;
	size_t n = 0;

	to[0] = '\0';
	if (!is_readable(&r, p))
		return -EFAULT;
	for (; n < size - 1; n++) {
		if (((p + n) & (PAGE - 1)) == 0 && !is_readable(&r, p + n))
			break;
		if (!from[n])
			break;
		to[n] = from[n];
	}
	to[n] = '\0';
	return 0;
}
