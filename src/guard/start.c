/* SPDX-License-Identifier: MIT */
/* clonexec guard start and stop. */
#include <bpf/bpf.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cgroup.h"
#include "commands.h"
#include "exitstatus.h"
#include "load.h"
#include "pins.h"
#include "selftest.h"
#include "text.h"

enum { WHY = 512, LEAVING_TRIES = 100, LEAVING_US = 100000 };

/* From here on either all is in place or nothing, whoever loses patience. */
static void block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

/* What one start does, and what comes of it. */
struct starting {
	const struct options *options;
	enum machine_restart restart;
	struct guard_about about;
	struct proof proof;
	char why[WHY];
};

/* What a start that was killed has left does not count. */
static int is_on(void)
{
	struct guard_about about = { 0 };
	struct pins pins;
	char ignored[WHY];
	int error = pins_open(PINS_IN_FORCE, &pins, ignored, WHY);

	if (error)
		return 0;
	error = pins_read_about(&pins, &about);
	pins_close(&pins);
	return error == -EPROTO || (!error && about.since);
}

/*
 * Without the guard such an exec must lose, or what it does cannot be seen.  (A
 * sharer loses on every kernel.)  One that was stopped just now is there until
 * the kernel gets round to it, some seconds on an idle machine: in the mode
 * deny it refuses.
 */
static int check_bug(struct starting *s)
{
	struct proof proof;
	int i, error = 0;

	for (i = 0; i < LEAVING_TRIES; i++) {
		error = proof_run(&proof, 1, 0, s->why, WHY);
		if (error || !proof.refused)
			break;
		usleep(LEAVING_US);
	}
	if (error || proof.lost == 1)
		return error;
	snprintf(s->why, WHY,
		 "nothing to mend: an exec beside a frozen creation %s here",
		 proof.kept ? "keeps its privileges" : "is refused");
	return -ENOTSUP;
}

static int put_cgroup(const struct load *l, struct starting *s)
{
	int fd = cgroup_open(&s->about, s->why, WHY), error;
	unsigned int first = 0;

	if (fd < 0)
		return fd;
	error = bpf_map_update_elem(load_map(l, "cgroups"), &first, &fd,
				    BPF_ANY);
	if (error)
		snprintf(s->why, WHY, "%.300s: %s", s->about.cgroup,
			 strerror(-error));
	close(fd);
	return error;
}

static int pin(struct starting *s, enum pins_place place)
{
	const struct load_wanted wanted = {
		.restart = s->restart,
		.scope = s->about.cgroup_id ? GUARD_IN_CGROUP : GUARD_ALL,
		.strict = s->options->strict,
		.mode = s->options->mode,
		.bound_ms = s->options->bound_ms,
	};
	struct load l;
	int error = load_open(&l, &wanted, s->why, WHY);

	if (error)
		return error;
	if (s->about.cgroup_id)
		error = put_cgroup(&l, s);
	if (!error)
		error = pins_make(place, &l, s->why, WHY);
	load_close(&l);
	return error;
}

/* By the pins alone, as it will be in force. */
static int prove(struct starting *s, enum pins_place place)
{
	struct pins pins;
	int error = pins_open(place, &pins, s->why, WHY);

	if (error)
		return error;
	error = pins_write_about(&pins, &s->about);
	if (error)
		snprintf(s->why, WHY, "cannot write its map: %s",
			 strerror(-error));
	else
		error = selftest_run(&pins, &s->proof, s->why, WHY);
	if (!error && !(error = pins_read_about(&pins, &s->about))) {
		s->about.since = (unsigned long long)time(NULL);
		error = pins_write_about(&pins, &s->about);
	}
	pins_close(&pins);
	return error;
}

/* What a start that was killed has left is removed first. */
static int start_anew(struct starting *s)
{
	char ignored[WHY];
	int error = pins_remove(PINS_NEXT, s->why, WHY);

	if (!error)
		error = pins_clear(PINS_IN_FORCE, s->why, WHY);
	if (!error)
		error = check_bug(s);
	if (!error)
		error = pin(s, PINS_IN_FORCE);
	if (!error)
		error = prove(s, PINS_IN_FORCE);
	if (error)
		pins_remove(PINS_IN_FORCE, ignored, WHY);
	return error;
}

/*
 * The kernel asks the one that was attached last, and the other one only if
 * that lets an exec pass.  So the new one can be proved while the old one is
 * still there, and at no time is there none.
 */
static int start_beside(struct starting *s)
{
	int lock = pins_lock(PINS_NEXT, 1, s->why, WHY), error;
	char why[WHY];

	if (lock < 0)
		return lock;
	error = pins_clear(PINS_NEXT, s->why, WHY);
	if (!error)
		error = pin(s, PINS_NEXT);
	if (!error)
		error = prove(s, PINS_NEXT);
	if (!error)
		error = pins_exchange(s->why, WHY);
	/* The old one by now, or one that does not work. */
	if (pins_remove(PINS_NEXT, why, WHY) && !error) {
		memcpy(s->why, why, WHY);
		error = -EBUSY;
	}
	close(lock);
	return error;
}

static int start(struct starting *s)
{
	const struct options *o = s->options;
	int error = machine_check(o->mode, &s->restart, s->why, WHY), lock;

	if (!error && o->cgroup)
		error = cgroup_find(o->cgroup, &s->about, s->why, WHY);
	if (error)
		return error;
	lock = pins_lock(PINS_IN_FORCE, 1, s->why, WHY);
	if (lock < 0)
		return lock;
	if (!is_on()) {
		error = start_anew(s);
	} else if (o->replace) {
		error = start_beside(s);
	} else {
		snprintf(s->why, WHY,
			 "it is on: clonexec guard status, stop, or start "
			 "--replace");
		error = -EEXIST;
	}
	close(lock);
	return error;
}

int start_command(const struct options *o)
{
	struct starting s = {
		.options = o,
		.about = {
			.layout = GUARD_LAYOUT,
			.mode = o->mode,
			.strict = (unsigned int)o->strict,
			.bound_ms = (unsigned int)o->bound_ms,
		},
	};
	char text[64];

	block_signals();
	if (start(&s)) {
		text_error("guard: %s", s.why);
		return EXIT_OWN_FAILURE;
	}
	proof_say(&s.proof, o->mode, text, sizeof(text));
	if (!o->quiet)
		printf("guard: on, mode %s; works: %s\n",
		       options_mode_name(o->mode), text);
	return 0;
}

/* 1: it is off now; 0: it was. */
static int stop(char why[WHY])
{
	int lock = pins_lock(PINS_IN_FORCE, 0, why, WHY), error;

	if (lock < 0 && lock != -ENOENT)
		return lock;
	/* (A start --replace that was killed has left two.) */
	error = pins_remove(PINS_NEXT, why, WHY);
	if (!error && lock >= 0)
		error = pins_remove(PINS_IN_FORCE, why, WHY);
	if (lock >= 0)
		close(lock);
	return error ? error : lock >= 0;
}

int stop_command(const struct options *o)
{
	char why[WHY];
	int was;

	block_signals();
	if (geteuid() != 0) {
		text_error("guard: not permitted: needs root");
		return EXIT_OWN_FAILURE;
	}
	was = stop(why);
	if (was < 0) {
		text_error("guard: %s", why);
		return EXIT_OWN_FAILURE;
	}
	if (!o->quiet)
		printf("guard: %s\n", was ? "off" : "it was off");
	return 0;
}
