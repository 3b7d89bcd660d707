/* SPDX-License-Identifier: MIT */
/*
 * What the JSON writer writes is JSON, and says what it was told: the input
 * is a list of calls, and a strict reader (RFC 8259) of our own reads them
 * back.
 */
#include "json.h"

#include <math.h>
#include <string.h>

#include "fuzz.h"

enum { CALLS_MAX = 400, STRING_MAX = 64 };

struct call {
	enum { OBJECT, ARRAY, CLOSE, STRING, NONE, INTEGER, REAL, BOOLEAN,
	       KINDS } kind;
	char key[STRING_MAX];	/* inside an object */
	char string[STRING_MAX];
	long long integer;
	double real;
};

/* ---- Writing ---- */

struct input {
	const uint8_t *p, *end;
};

static uint8_t next(struct input *in)
{
	return in->p < in->end ? *in->p++ : 0;
}

static uint64_t next_word(struct input *in)
{
	uint64_t w = 0;
	int i;

	for (i = 0; i < 8; i++)
		w = w << 8 | next(in);
	return w;
}

static void next_string(struct input *in, char *s)
{
	size_t i, n = next(in) % STRING_MAX;

	for (i = 0; i < n; i++)
		s[i] = (char)next(in);
	s[n] = '\0';
}

static void write_call(struct json *j, const struct call *c, const char *key)
{
	switch (c->kind) {
	case OBJECT: json_object(j, key); break;
	case ARRAY: json_array(j, key); break;
	case CLOSE: json_close(j); break;
	case STRING: json_string(j, key, c->string); break;
	case NONE: json_string(j, key, NULL); break;
	case INTEGER: json_integer(j, key, c->integer); break;
	case REAL: json_real(j, key, c->real); break;
	default: json_boolean(j, key, c->integer & 1); break;
	}
}

/* The calls, and in `calls` what they were.  The outermost is one value. */
static int write_all(struct input *in, struct json *j, struct call *calls)
{
	int in_object[JSON_DEPTH + 1] = { 0 }, depth = 0, n = 0;
	uint64_t bits;
	struct call *c;

	do {
		c = &calls[n];
		c->kind = next(in) % KINDS;
		/* One value on the outside; close what is open in the end. */
		if (n == 0)
			c->kind = c->kind & 1 ? OBJECT : ARRAY;
		else if (in->p == in->end || n + depth >= CALLS_MAX - 1)
			c->kind = CLOSE;
		if (c->kind <= ARRAY && depth == JSON_DEPTH)
			c->kind = CLOSE;
		if (c->kind == CLOSE) {
			depth--;
		} else if (in_object[depth]) {
			next_string(in, c->key);
		}
		if (c->kind == STRING)
			next_string(in, c->string);
		if (c->kind == INTEGER || c->kind == REAL ||
		    c->kind == BOOLEAN) {
			bits = next_word(in);
			memcpy(&c->integer, &bits, sizeof bits);
			memcpy(&c->real, &bits, sizeof bits);
		}
		write_call(j, c, c->kind != CLOSE && in_object[depth] ? c->key
								      : NULL);
		if (c->kind <= ARRAY)
			in_object[++depth] = c->kind == OBJECT;
		n++;
	} while (depth > 0);
	json_end(j);
	return n;
}

/* ---- Reading ---- */

static void blanks(const char **p)
{
	*p += strspn(*p, " \t\r\n");
}

static unsigned int hex4(const char **p)
{
	unsigned int code = 0;
	int i, d;

	for (i = 0; i < 4; i++, ++*p) {
		d = **p;
		fuzz_check((d >= '0' && d <= '9') || (d >= 'a' && d <= 'f'));
		code = code << 4 | (unsigned int)(d <= '9' ? d - '0'
							   : d - 'a' + 10);
	}
	return code;
}

/* As UTF-8, of what \\u can say. */
static char *put_character(char *out, unsigned int code)
{
	if (code < 0x80) {
		*out++ = (char)code;
	} else if (code < 0x800) {
		*out++ = (char)(0xc0 | code >> 6);
		*out++ = (char)(0x80 | (code & 0x3f));
	} else {
		*out++ = (char)(0xe0 | code >> 12);
		*out++ = (char)(0x80 | (code >> 6 & 0x3f));
		*out++ = (char)(0x80 | (code & 0x3f));
	}
	return out;
}

/* What is escaped is what a terminal would obey or turn around. */
static void read_string(const char **p, char *out)
{
	unsigned int code;

	fuzz_check(*(*p)++ == '"');
	while (**p != '"') {
		fuzz_check((unsigned char)**p >= ' ');
		if (**p != '\\') {
			*out++ = *(*p)++;
			continue;
		}
		++*p;
		if (**p == 'u') {
			++*p;
			code = hex4(p);
			fuzz_check(code < ' ' || code >= 0x7f);
			out = put_character(out, code);
		} else {
			fuzz_check(**p == '"' || **p == '\\');
			*out++ = *(*p)++;
		}
	}
	++*p;
	*out = '\0';
}

/* UTF-8 by the table of the Unicode standard (3-7); 0 for none. */
static int character(const unsigned char *s)
{
	static const struct {
		unsigned char first, last, low, high;
		int length;
	} rows[] = {
		{ 0x01, 0x7f, 0, 0, 1 },	{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },	{ 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 },	{ 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 },	{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};
	unsigned int i;
	int k;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (s[0] < rows[i].first || s[0] > rows[i].last)
			continue;
		if (rows[i].length > 1 &&
		    (s[1] < rows[i].low || s[1] > rows[i].high))
			return 0;
		for (k = 2; k < rows[i].length; k++)
			if (s[k] < 0x80 || s[k] > 0xbf)
				return 0;
		return rows[i].length;
	}
	return 0;
}

/* What is not UTF-8 is replaced byte by byte, and all else is as it was. */
static void expect_string(const char *told, const char *read)
{
	int n;

	while (*told) {
		n = character((const unsigned char *)told);
		if (n) {
			fuzz_check(!strncmp(told, read, (size_t)n));
			told += n;
			read += n;
		} else {
			fuzz_check(!strncmp(read, "\xef\xbf\xbd", 3));
			told++;
			read += 3;
		}
	}
	fuzz_check(!*read);
}

/* A number of JSON, no more: "-0.5e+3", not "+1", "01", "1.", "inf". */
static double read_number(const char **p)
{
	const char *s = *p;
	double value = strtod(s, NULL);
	size_t n;

	s += *s == '-';
	n = strspn(s, "0123456789");
	fuzz_check(n > 0 && (n == 1 || *s != '0'));
	s += n;
	if (*s == '.') {
		n = strspn(++s, "0123456789");
		fuzz_check(n > 0);
		s += n;
	}
	if (*s == 'e' || *s == 'E') {
		s++;
		s += *s == '-' || *s == '+';
		n = strspn(s, "0123456789");
		fuzz_check(n > 0);
		s += n;
	}
	*p = s;
	return value;
}

static void word(const char **p, const char *text)
{
	fuzz_check(!strncmp(*p, text, strlen(text)));
	*p += strlen(text);
}

static void read_value(const char **p, const struct call *c)
{
	static char text[3 * STRING_MAX];
	double value;

	switch (c->kind) {
	case STRING:
		read_string(p, text);
		expect_string(c->string, text);
		break;
	case NONE:
		word(p, "null");
		break;
	case INTEGER:
		fuzz_check(strtoll(*p, NULL, 10) == c->integer);
		read_number(p);
		break;
	case REAL:
		if (!isfinite(c->real)) {
			word(p, "null");
			break;
		}
		value = read_number(p);
		fuzz_check(fabs(value - c->real) <=
			   fabs(c->real) * 1e-8 + 1e-322);
		break;
	default:
		word(p, c->integer & 1 ? "true" : "false");
	}
}

static void read_all(const char *p, const struct call *calls, int n)
{
	static char text[3 * STRING_MAX];
	char closing[JSON_DEPTH + 1];
	int i, depth = 0, first = 1;

	for (i = 0; i < n; i++) {
		const struct call *c = &calls[i];

		blanks(&p);
		if (c->kind == CLOSE) {
			fuzz_check(*p++ == closing[depth--]);
			first = 0;
			continue;
		}
		if (depth && !first) {
			fuzz_check(*p++ == ',');
			blanks(&p);
		}
		if (depth && closing[depth] == '}') {
			read_string(&p, text);
			expect_string(c->key, text);
			blanks(&p);
			fuzz_check(*p++ == ':');
			blanks(&p);
		}
		first = c->kind <= ARRAY;
		if (first) {
			fuzz_check(*p++ == (c->kind == OBJECT ? '{' : '['));
			closing[++depth] = c->kind == OBJECT ? '}' : ']';
		} else {
			read_value(&p, c);
		}
	}
	fuzz_check(*p == '\n' && !p[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct call calls[CALLS_MAX];
	struct input in = { data, data + size };
	size_t length;
	struct json j;
	char *text;
	FILE *out;
	int n;

	memset(calls, 0, sizeof calls);
	out = open_memstream(&text, &length);
	fuzz_check(out != NULL);
	json_begin(&j, out);
	n = write_all(&in, &j, calls);
	fuzz_check(fclose(out) == 0 && strlen(text) == length);
	read_all(text, calls, n);
	free(text);
	return 0;
}
