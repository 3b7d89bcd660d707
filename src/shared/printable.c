/* SPDX-License-Identifier: MIT */
#include "printable.h"

#include <langinfo.h>
#include <locale.h>
#include <string.h>

enum { REPLACEMENT = 0xfffd };

/* ---- UTF-8 ------------------------------------------------------------ */

/* How many bytes the first one promises; 0 if it begins no character. */
static size_t promised(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first < 0xe0)
		return 2;
	if ((first & 0xf0) == 0xe0)
		return 3;
	return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

/* Longer than need be, a surrogate, or past the last one. */
static int is_misspelt(unsigned int code, size_t length)
{
	return (length == 3 && code < 0x800) ||
	       (length == 4 && code < 0x10000) ||
	       (code >= 0xd800 && code < 0xe000) || code > 0x10ffff;
}

/* How many bytes this character takes; 0 if it is none in UTF-8. */
static size_t decode(const unsigned char *p, unsigned int *code)
{
	size_t i, length = promised(p[0]);

	if (!length)
		return 0;
	*code = length == 1 ? p[0] : p[0] & (0xffu >> (length + 1));
	for (i = 1; i < length; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (p[i] & 0x3fu);
	}
	return is_misspelt(*code, length) ? 0 : length;
}

/* ---- What is shown ---------------------------------------------------- */

static int is_safe(unsigned int code)
{
	static const struct {
		unsigned int from, to;
	} bad[] = {
		{ 0x00, 0x1f },
		{ 0x7f, 0x9f },
		{ 0x061c, 0x061c }, /* directions, here and below */
		{ 0x200e, 0x200f },
		{ 0x2028, 0x202e }, /* and the ends of lines, of paragraphs */
		{ 0x2066, 0x2069 },
		{ 0xfeff, 0xfeff }, /* the order of bytes */
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (code >= bad[i].from && code <= bad[i].to)
			return 0;
	return 1;
}

struct printable printable_next(const char *text)
{
	struct printable c = { 0 };

	if (!*text)
		return c;
	c.length = decode((const unsigned char *)text, &c.code);
	if (c.length) {
		c.is_safe = is_safe(c.code);
		return c;
	}
	c.length = 1;
	c.code = REPLACEMENT;
	return c;
}

/* As the environment has it: a command does not set its own locale. */
static int is_utf8(void)
{
	static int known = -1;
	locale_t locale;

	if (known >= 0)
		return known;
	locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	known = locale && !strcmp(nl_langinfo_l(CODESET, locale), "UTF-8");
	if (locale)
		freelocale(locale);
	return known;
}

const char *printable_copy(const char *text, char *copy, size_t size)
{
	struct printable c;
	size_t used = 0, wanted;
	int shown;

	for (; (c = printable_next(text)).length; text += c.length) {
		shown = c.is_safe && (c.length == 1 || is_utf8());
		wanted = shown ? c.length : 1;
		if (used + wanted >= size)
			break;
		if (shown)
			memcpy(copy + used, text, c.length);
		else
			copy[used] = '?';
		used += wanted;
	}
	copy[used] = '\0';
	return copy;
}
