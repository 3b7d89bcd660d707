/* SPDX-License-Identifier: MIT */
/* clonexec guard start and stop. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "exitstatus.h"
#include "load.h"
#include "pins.h"
#include "selftest.h"
#include "text.h"

enum { WHY = 512 };

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

/* What a start that was killed has left does not count. */
static int is_on(char why[WHY])
{
	struct guard_about about = { 0 };
	struct pins pins;
	int error = pins_open(&pins, why, WHY);

	if (error)
		return 0;
	error = pins_read_about(&pins, &about);
	pins_close(&pins);
	return !error && about.since;
}

/*
 * Without the guard such an exec must lose, or what it does cannot be seen.  (A
 * sharer loses on every kernel.)
 */
static int check_bug(char why[WHY])
{
	struct proof proof;
	int error = proof_run(&proof, 1, 0, why, WHY);

	if (error || proof.lost == 1)
		return error;
	snprintf(why, WHY,
		 "nothing to mend: an exec beside a frozen creation %s here",
		 proof.kept ? "keeps its privileges" : "is refused");
	return -ENOTSUP;
}

static int pin(const struct options *o, char why[WHY])
{
	struct load_wanted wanted = {
		.strict = o->strict,
		.mode = o->mode,
		.bound_ms = o->bound_ms,
	};
	struct load l;
	int error = machine_check(o->mode, &wanted.restart, why, WHY);

	if (!error)
		error = load_open(&l, &wanted, why, WHY);
	if (error)
		return error;
	error = pins_make(&l, why, WHY);
	load_close(&l);
	return error;
}

/* By the pins alone, as it will be in force. */
static int prove(const struct options *o, struct proof *proof, char why[WHY])
{
	struct guard_about about = {
		.layout = GUARD_LAYOUT,
		.mode = o->mode,
		.strict = (unsigned int)o->strict,
		.bound_ms = (unsigned int)o->bound_ms,
	};
	struct pins pins;
	int error = pins_open(&pins, why, WHY);

	if (error)
		return error;
	error = pins_write_about(&pins, &about);
	if (error)
		snprintf(why, WHY, "cannot write its map: %s",
			 strerror(-error));
	else
		error = selftest_run(&pins, proof, why, WHY);
	if (!error && !(error = pins_read_about(&pins, &about))) {
		about.since = (unsigned long long)time(NULL);
		error = pins_write_about(&pins, &about);
	}
	pins_close(&pins);
	return error;
}

/* What a start that was killed has left is removed first. */
static int start_anew(const struct options *o, struct proof *proof,
		      char why[WHY])
{
	int error = pins_clear(why, WHY);

	if (!error)
		error = check_bug(why);
	if (!error)
		error = pin(o, why);
	return error ? error : prove(o, proof, why);
}

static int start(const struct options *o, struct proof *proof, char why[WHY])
{
	enum machine_restart restart;
	char ignored[WHY];
	int error = machine_check(o->mode, &restart, why, WHY), lock;

	if (error)
		return error;
	lock = pins_lock(1, why, WHY);
	if (lock < 0)
		return lock;
	if (is_on(why)) {
		snprintf(why, WHY, "it is on: clonexec guard status, or stop");
		error = -EEXIST;
	} else {
		error = start_anew(o, proof, why);
		if (error)
			pins_remove(ignored, WHY);
	}
	close(lock);
	return error;
}

int start_command(const struct options *o)
{
	struct proof proof;
	char why[WHY], text[64];

	block_signals();
	if (start(o, &proof, why)) {
		text_error("guard: %s", why);
		return EXIT_OWN_FAILURE;
	}
	proof_say(&proof, o->mode, text, sizeof(text));
	if (!o->quiet)
		printf("guard: on, mode %s; works: %s\n",
		       options_mode_name(o->mode), text);
	return 0;
}

/* 1: it is off now; 0: it was. */
static int stop(char why[WHY])
{
	int lock = pins_lock(0, why, WHY), error;

	if (lock == -ENOENT)
		return 0;
	if (lock < 0)
		return lock;
	error = pins_remove(why, WHY);
	close(lock);
	return error ? error : 1;
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
