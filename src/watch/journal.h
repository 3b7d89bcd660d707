/* SPDX-License-Identifier: MIT */
/*
 * Entries of the system's log: of systemd's journal, with fields of their own,
 * or lines of syslog(3) where there is none.
 */
#ifndef JOURNAL_H
#define JOURNAL_H

#include <stdio.h>

/* What the catalog explains (clonexec.catalog). */
#define JOURNAL_ID_LOSS "cf1d3d201d7f48378960df95d29d3eda"

enum { JOURNAL_FIELDS = 32 }; /* MESSAGE and the like included */

struct journal {
	FILE *message; /* what is written there is the next entry's */
	char *bytes;
	size_t size;
	char *field[JOURNAL_FIELDS]; /* NAME=value */
	int fields;
};

/* 0 or -errno. */
int journal_open(struct journal *j);
void journal_close(struct journal *j);

/* Of the next entry.  A value that is NULL or empty is no field. */
void journal_field(struct journal *j, const char *name, const char *value);
void journal_number(struct journal *j, const char *name,
		    unsigned long long value);

/* Sends it, with a priority of syslog(3), and begins the next. */
void journal_send(struct journal *j, int priority);

#endif
