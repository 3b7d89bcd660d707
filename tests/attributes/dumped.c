/* SPDX-License-Identifier: MIT */
#include "dumped.h"

#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void split(struct dumped *d)
{
	char *line, *equals, *save = NULL;

	d->count = 0;
	d->text[d->size] = '\0';
	for (line = strtok_r(d->text, "\n", &save);
	     line && d->count < DUMPED_LINES;
	     line = strtok_r(NULL, "\n", &save)) {
		equals = strchr(line, '=');
		if (!equals)
			continue;
		*equals = '\0';
		d->key[d->count] = line;
		d->value[d->count++] = equals + 1;
	}
}

static long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

int dumped_read(struct dumped *d, int fd, int milliseconds)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	long long end = now_ms() + milliseconds;
	ssize_t n = 1;

	d->size = 0;
	while (n > 0 && now_ms() < end && d->size < sizeof d->text - 1) {
		if (poll(&p, 1, (int)(end - now_ms())) <= 0)
			continue;
		n = read(fd, d->text + d->size, sizeof d->text - 1 - d->size);
		if (n > 0)
			d->size += (size_t)n;
	}
	split(d);
	return n == 0;
}

const char *dumped_value(const struct dumped *d, const char *key)
{
	unsigned int i;

	for (i = 0; i < d->count; i++)
		if (strcmp(d->key[i], key) == 0)
			return d->value[i];
	return NULL;
}

static int has(const struct dumped *d, const char *key, const char *value)
{
	unsigned int i;

	for (i = 0; i < d->count; i++)
		if (strcmp(d->key[i], key) == 0 &&
		    strcmp(d->value[i], value) == 0)
			return 1;
	return 0;
}

void dumped_compare(const struct dumped *a, const struct dumped *b,
		    void (*differs)(const char *key, const char *a,
				    const char *b, void *arg), void *arg)
{
	const char *other;
	unsigned int i;

	for (i = 0; i < a->count; i++)
		if (!has(b, a->key[i], a->value[i])) {
			other = dumped_value(b, a->key[i]);
			differs(a->key[i], a->value[i],
				other ? other : "(none)", arg);
		}
	for (i = 0; i < b->count; i++)
		if (!has(a, b->key[i], b->value[i]) &&
		    !dumped_value(a, b->key[i]))
			differs(b->key[i], "(none)", b->value[i], arg);
}
