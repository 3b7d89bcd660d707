/* SPDX-License-Identifier: MIT */
#include "childenv.h"

#include "config.h"
#include "installed.h"
#include "next.h"

static size_t length(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

/* The variable's value in a one-entry environment. */
static const char *value_of(char *const entry, const char *name)
{
	char *const one[] = { entry, NULL };

	return config_variable(one, name);
}

/* Both loaders take colons and blanks. */
static int separates(char c)
{
	return c == ':' || c == ' ' || (c >= '\t' && c <= '\r');
}

static int equal(const char *a, size_t n, const char *b)
{
	size_t i;

	for (i = 0; i < n && b[i]; i++)
		if (a[i] != b[i])
			return 0;
	return i == n && !b[i];
}

/* By the path that we were loaded by, or by our name in any directory. */
static int is_shim(const char *word, size_t n, const char *own)
{
	size_t base = n;

	if (own && equal(word, n, own))
		return 1;
	while (base > 0 && word[base - 1] != '/')
		base--;
	return equal(word + base, n - base, INSTALLED_SHIM);
}

/*
 * Appends the list without the shim to text, if that is not NULL, at most
 * room bytes.  Returns the length; *found counts the shims.
 */
static size_t strip(const char *list, char *text, size_t room,
		    unsigned int *found)
{
	const char *own = next_own_path();
	size_t len = 0, n, i;

	for (; *list; list += n) {
		while (separates(*list))
			list++;
		for (n = 0; list[n] && !separates(list[n]); n++)
			;
		if (n > 0 && is_shim(list, n, own)) {
			++*found;
			continue;
		}
		if (n == 0 || (text && n + (len > 0) > room - len))
			continue;
		if (len > 0 && text)
			text[len] = ':';
		len += len > 0;
		for (i = 0; text && i < n; i++)
			text[len + i] = list[i];
		len += n;
	}
	return len;
}

struct childenv childenv_measure(char *const *envp)
{
	struct childenv h = { 1, 0 };
	unsigned int found = 0;
	const char *list;

	for (; envp && *envp; envp++, h.entries++) {
		list = value_of(*envp, "LD_PRELOAD");
		if (list)
			h.bytes += sizeof("LD_PRELOAD=") + length(list);
		if (list)
			strip(list, NULL, 0, &found);
		else if (value_of(*envp, "CLONEXEC_NO_INHERIT"))
			found++;
	}
	if (!found)
		h.entries = 0;
	return h;
}

void childenv_fill(char *const *envp, struct childenv room, char **array,
		   char *text)
{
	static const char name[] = "LD_PRELOAD=";
	unsigned int found = 0;
	const char *list;
	size_t i, len;

	for (; *envp && room.entries > 1; envp++) {
		list = value_of(*envp, "LD_PRELOAD");
		if (!list && value_of(*envp, "CLONEXEC_NO_INHERIT"))
			continue;
		if (!list) {
			*array++ = *envp;
			room.entries--;
			continue;
		}
		if (room.bytes < sizeof(name))
			continue;
		len = strip(list, text + sizeof(name) - 1,
			    room.bytes - sizeof(name), &found);
		if (len == 0)
			continue;
		for (i = 0; i < sizeof(name) - 1; i++)
			text[i] = name[i];
		*array++ = text;
		room.entries--;
		text[sizeof(name) - 1 + len] = '\0';
		text += sizeof(name) + len;
		room.bytes -= sizeof(name) + len;
	}
	*array = NULL;
}
