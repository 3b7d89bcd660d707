/* SPDX-License-Identifier: MIT */
#include "journal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "journalsend.h"
#include "printable.h"

int journal_open(struct journal *j)
{
	memset(j, 0, sizeof(*j));
	j->message = open_memstream(&j->bytes, &j->size);
	if (!j->message)
		return -errno;
	openlog("clonexec-watch", LOG_PID, LOG_DAEMON);
	return 0;
}

static void forget(struct journal *j)
{
	while (j->fields)
		free(j->field[--j->fields]);
	rewind(j->message);
}

void journal_close(struct journal *j)
{
	if (!j->message)
		return;
	forget(j);
	fclose(j->message);
	free(j->bytes);
	closelog();
}

/* The catalog's text takes the fields in as they are, and journalctl -x shows
   it so: a file's name could be lines of it, or what a terminal obeys. */
static void make_safe(char *text)
{
	struct printable c;

	for (; (c = printable_next(text)).length; text += c.length)
		if (!c.is_safe)
			memset(text, '?', c.length);
}

void journal_field(struct journal *j, const char *name, const char *value)
{
	if (!value || !*value || j->fields == JOURNAL_FIELDS)
		return;
	if (asprintf(&j->field[j->fields], "%s=%s", name, value) < 0)
		return;
	make_safe(j->field[j->fields++]);
}

void journal_number(struct journal *j, const char *name,
		    unsigned long long value)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", value);
	journal_field(j, name, text);
}

void journal_send(struct journal *j, int priority)
{
	char level[2] = { (char)('0' + priority), '\0' };

	fputc('\0', j->message);
	fflush(j->message);
	if (!j->bytes)
		return;
	journal_field(j, "MESSAGE", j->bytes);
	journal_field(j, "PRIORITY", level);
	journal_field(j, "SYSLOG_IDENTIFIER", "clonexec-watch");
	if (!journalsend((const char *const *)j->field, j->fields))
		syslog(priority, "%s", j->bytes);
	forget(j);
}
