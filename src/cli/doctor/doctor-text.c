/* SPDX-License-Identifier: MIT */
#include "doctor.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "printable.h"
#include "text.h"

static void begin(const char *what, enum text_colour colour, const char *head)
{
	printf("%-10s %s%s%s", what, text_begin(stdout, colour), head,
	       text_end(stdout, colour));
}

/* ---- The machine ------------------------------------------------------ */

static void print_kernel(const struct system *s)
{
	int known = s->loses != SYSTEM_UNKNOWN;

	if (s->loses == SYSTEM_YES || s->refuses == SYSTEM_YES)
		begin("kernel", TEXT_BAD, "affected");
	else if (known)
		begin("kernel", TEXT_GOOD, "not affected");
	else
		begin("kernel", TEXT_PLAIN, "not known");
	printf(": Linux %s", s->machine.kernel);
	if (known)
		printf("; an exec beside a frozen creation %s its privileges",
		       s->loses == SYSTEM_YES ? "loses" : "keeps");
	else if (geteuid())
		printf("; only root can find out whether privileges are lost");
	else
		printf("; whether privileges are lost could not be found out");
	if (s->refuses != SYSTEM_UNKNOWN)
		printf("; a creation beside a stopped exec %s",
		       s->refuses == SYSTEM_YES ? "fails" : "works");
	printf("\n");
}

static void print_guard(const struct system *s)
{
	if (s->guard_on) {
		begin("guard", TEXT_GOOD, "on");
		printf(", mode %s%s\n", guardstate_mode(&s->guard),
		       guardstate_is_for_all(&s->guard) ?
			       "" :
			       "; not for everybody");
	} else if (s->no_guard[0]) {
		begin("guard", TEXT_PLAIN, "not possible");
		printf(": %s\n", s->no_guard);
	} else if (s->guard_hidden) {
		begin("guard", TEXT_PLAIN, "not known");
		printf(": only root may look\n");
	} else {
		begin("guard", TEXT_PLAIN, "off");
		printf("; it seems possible: clonexec guard start\n");
	}
}

static void print_machine(const struct doctor *d)
{
	const struct system *s = &d->system;
	char preload[sizeof(s->preload)];

	print_kernel(s);
	print_guard(s);
	begin("watch", d->processes.watched ? TEXT_GOOD : TEXT_PLAIN,
	      d->processes.watched ? "runs\n" : "does not run");
	if (!d->processes.watched)
		printf(": systemctl enable --now clonexec-watch\n");
	begin("here", TEXT_PLAIN, "strategy auto means ");
	printf("%s%s\n", s->means,
	       s->seccomp ? ", under a seccomp filter" : "");
	if (s->preload[0]) {
		begin("preload", TEXT_PLAIN, "/etc/ld.so.preload");
		printf(": %s\n",
		       printable_copy(s->preload, preload, sizeof(preload)));
	}
}

/* ---- The processes ---------------------------------------------------- */

static void print_sum(const struct processes *p)
{
	const int *n = p->count;
	int safe =
		n[PROCESSES_SHIM] + n[PROCESSES_LIBRARY] + n[PROCESSES_GUARDED];

	begin("processes", n[PROCESSES_OPEN] ? TEXT_BAD : TEXT_GOOD, "");
	printf("%d with threads can lose, %d are protected (%d by the shim, "
	       "%d by the library, %d by the guard), %d can lose nothing\n",
	       n[PROCESSES_OPEN], safe, n[PROCESSES_SHIM], n[PROCESSES_LIBRARY],
	       n[PROCESSES_GUARDED], n[PROCESSES_NOTHING]);
	if (p->hidden)
		printf("%-10s and %d that only root may look at\n", "",
		       p->hidden);
	if (p->untold)
		printf("%-10s %d of them are not listed here\n", "", p->untold);
}

static void print_group(const struct processes_group *g)
{
	char path[PATH_MAX];

	printf("\n%s%s%s", text_begin(stdout, TEXT_BOLD),
	       printable_copy(g->path, path, sizeof(path)),
	       text_end(stdout, TEXT_BOLD));
	if (g->count > 1)
		printf(", %d processes", g->count);
	printf(", pid %d, %d threads", g->pid, g->threads);
	if (g->unit.container[0])
		printf(", container %.64s", g->unit.container);
	if (g->unit.name[0])
		printf(", %s", g->unit.name);
	if (g->state != PROCESSES_OPEN) {
		printf(": %s\n", processes_state_name(g->state));
		return;
	}
	printf("\n");
	if (g->remedy.why)
		printf("    %s\n", g->remedy.why);
	if (g->remedy.command[0])
		printf("    %s\n", g->remedy.command);
}

void doctor_text(const struct doctor *d)
{
	const struct processes *p = &d->processes;
	int i;

	print_machine(d);
	print_sum(p);
	for (i = 0; i < p->groups; i++)
		if (d->all || p->group[i].state == PROCESSES_OPEN)
			print_group(&p->group[i]);
}
