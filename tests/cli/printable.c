/* SPDX-License-Identifier: MIT */
/*
 * Whatever others have written, what is shown of it obeys nothing: every
 * character there is and every pair of bytes, as text, JSON and HTML.  Each
 * output is read by a plain decoder of its own.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "markup.h"
#include "printable.h"
#include "tap.h"

enum { LAST = 0x10ffff, ROOM = 64 };

struct shown {
	char text[ROOM], json[ROOM], html[ROOM];
};

static void show_json(const char *text, FILE *out)
{
	struct json j;

	json_begin_line(&j, out);
	json_array(&j, NULL);
	json_string(&j, NULL, text);
	json_close(&j);
}

static void show(const char *text, struct shown *s)
{
	FILE *out;

	memset(s, 0, sizeof(*s));
	printable_copy(text, s->text, sizeof(s->text));
	out = fmemopen(s->json, ROOM, "w");
	check(out != NULL, "fmemopen");
	show_json(text, out);
	fclose(out);
	out = fmemopen(s->html, ROOM, "w");
	check(out != NULL, "fmemopen");
	markup_text(out, text);
	fclose(out);
}

static size_t encode(unsigned int code, char *p)
{
	if (code < 0x80) {
		p[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		p[0] = (char)(0xc0 | code >> 6);
		p[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		p[0] = (char)(0xe0 | code >> 12);
		p[1] = (char)(0x80 | (code >> 6 & 0x3f));
		p[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	p[0] = (char)(0xf0 | code >> 18);
	p[1] = (char)(0x80 | (code >> 12 & 0x3f));
	p[2] = (char)(0x80 | (code >> 6 & 0x3f));
	p[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

/* The names of Unicode's own properties: Cc, Zl, Zp, Bidi_Control. */
static int is_dangerous(unsigned int code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) ||
	       code == 0x2028 || code == 0x2029 || code == 0x061c ||
	       code == 0x200e || code == 0x200f ||
	       (code >= 0x202a && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069);
}

/* By the plain rules: a first byte, and as many that continue it. */
static int is_harmless(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	while (*p) {
		unsigned int code = *p++, more;

		if (code < 0x80) {
			if (is_dangerous(code))
				return 0;
			continue;
		}
		if (code < 0xc2 || code > 0xf4)
			return 0;
		more = code >= 0xf0 ? 3 : code >= 0xe0 ? 2 : 1;
		code &= 0x3fu >> more;
		for (; more; more--, p++) {
			if (*p < 0x80 || *p >= 0xc0)
				return 0;
			code = code << 6 | (*p & 0x3fu);
		}
		if (is_dangerous(code))
			return 0;
	}
	return 1;
}

static void harmless(const char *text)
{
	struct shown s;

	show(text, &s);
	check(is_harmless(s.text) && is_harmless(s.json) &&
	      is_harmless(s.html), "%02x %02x %02x: shown as it is",
	      (unsigned char)text[0], (unsigned char)text[1],
	      text[1] ? (unsigned char)text[2] : 0);
}

static void in_utf8(void)
{
	if (!newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0))
		tap_absent("no locale C.UTF-8");
	setenv("LC_ALL", "C.UTF-8", 1);
}

static void characters(void)
{
	unsigned int code, kept = 0;
	char text[16];
	struct shown s;
	size_t n;

	in_utf8();
	for (code = 1; code <= LAST; code++) {
		if (code >= 0xd800 && code < 0xe000)
			continue;
		n = encode(code, text);
		strcpy(text + n, "x");
		harmless(text);
		show(text, &s);
		if (is_dangerous(code) || code == 0xfeff)
			check(!strcmp(s.text, "?x"), "U+%04X: %s", code,
			      s.text);
		else
			kept += !strcmp(s.text, text);
	}
	check(kept == LAST - 2048 - (31 + 33 + 1 + 2 + 7 + 4 + 1),
	      "%u characters are shown", kept);
}

static void bytes(void)
{
	unsigned int first, second, third;
	char text[8];

	in_utf8();
	for (first = 1; first < 256; first++)
		for (second = 1; second < 256; second++)
			for (third = 0x7f; third < 0xc1; third += 0x20) {
				text[0] = (char)first;
				text[1] = (char)second;
				text[2] = (char)third;
				text[3] = '\0';
				harmless(text);
			}
}

/* What JSON hides can be told from what it says. */
static void examples(void)
{
	struct shown s;

	in_utf8();
	show("a\xc2\x9b" "31m\xe2\x80\xae\x9b\x1b", &s);
	check(!strcmp(s.text, "a?31m???"), "%s", s.text);
	check(!strcmp(s.json, "[\"a\\u009b31m\\u202e\\ufffd\\u001b\"]"), "%s",
	      s.json);
	show("<\xc3\xa4&\x01>", &s);
	check(!strcmp(s.html, "&lt;\xc3\xa4&amp;?&gt;"), "%s", s.html);
	check(!strcmp(s.text, "<\xc3\xa4&?>"), "%s", s.text);
	/* Cut between two characters, never in one. */
	printable_copy("\xc3\xa4\xc3\xa4", s.text, 4);
	check(!strcmp(s.text, "\xc3\xa4"), "%s", s.text);
}

/* There the second byte of this A with a grave accent begins a sequence. */
static void another_locale(void)
{
	char text[ROOM];

	setenv("LC_ALL", "C", 1);
	printable_copy("\xc3\x9b" "31m", text, sizeof(text));
	if (strstr(text, "\xc3\x9b"))
		tap_skip("the C locale is UTF-8 here");
	check(!strcmp(text, "?31m"), "%s", text);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "each character of Unicode", characters, 120 },
		{ "any bytes", bytes, 120 },
		{ "examples", examples, 0 },
		{ "not UTF-8", another_locale, 0 },
	};

	return tap_main(cases);
}
