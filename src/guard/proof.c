/* SPDX-License-Identifier: MIT */
#include "proof.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "caller.h"
#include "machine.h"
#include "race.h"
#include "sys.h"

/* By the bare system call, which no preload can make another one of. */
static int exec_bare(const char *path, char *const argv[], char *const envp[],
		     void *arg)
{
	errno = -sys_execve(path, argv, envp);
	return -1;
}

static int is_refused(const struct race_result *r)
{
	return r->verdict == TARGET_BROKEN && r->stage == RACE_STAGE_EXEC &&
	       r->error == -EAGAIN;
}

static int run_once(struct proof *p, struct race *race, char *why, size_t size)
{
	struct race_result r;
	int error = race_run(race, &r);

	if (!error && r.verdict == TARGET_BROKEN && !is_refused(&r))
		error = r.error ? r.error : -EIO;
	if (error) {
		snprintf(why, size, "cannot test itself: %s",
			 race_why(&r, error));
		return error;
	}
	p->execs++;
	p->lost += r.verdict == TARGET_LOST;
	p->kept += r.verdict == TARGET_KEPT;
	p->refused += r.verdict == TARGET_BROKEN;
	return 0;
}

static int run_all(struct proof *p, struct race *race, int execs, char *why,
		   size_t size)
{
	int i, error;

	memset(p, 0, sizeof(*p));
	p->frozen = 1;
	race->creators = RACE_FROZEN;
	error = run_once(p, race, why, size);
	if (error) {
		p->frozen = 0;
		race->creators = RACE_SHARED;
		error = run_once(p, race, why, size);
	}
	for (i = 1; i < execs && !error; i++)
		error = run_once(p, race, why, size);
	return error;
}

int proof_run(struct proof *p, int execs, int release_ms, char *why,
	      size_t size)
{
	static struct targets targets;
	struct target_caller caller;
	struct race race = {
		.kind = TARGET_SETUID,
		.caller = &caller,
		.release_ms = release_ms,
		.exec = exec_bare,
	};
	int error = caller_choose(&caller);

	if (!error)
		error = targets_make(&targets, &caller);
	if (error) {
		snprintf(why, size, "cannot test itself: %s", strerror(-error));
		return error;
	}
	error = targets.error[race.kind];
	if (error) {
		snprintf(why, size,
			 "cannot test itself: no set-uid program can be "
			 "made: %s",
			 strerror(-error));
	} else {
		race.path = targets.path[race.kind];
		error = run_all(p, &race, execs, why, size);
	}
	targets_remove(&targets);
	return error;
}

/* ---- The judgement ---------------------------------------------------- */

static int as_promised(const struct proof *p, enum guard_mode mode)
{
	switch (mode) {
	case GUARD_RESTART:
		return p->kept;
	case GUARD_DENY:
		return p->refused;
	default:
		return p->lost;
	}
}

int proof_is_good(const struct proof *p, enum guard_mode mode, char *why,
		  size_t size)
{
	if (p->met < (unsigned int)p->execs) {
		snprintf(why, size,
			 "attached, but the kernel asked it about %llu of %d "
			 "execs only%s",
			 p->met, p->execs,
			 machine_has_bpf_lsm() < 0 ?
				 " (is bpf in the LSM list? mount -t "
				 "securityfs securityfs /sys/kernel/security)" :
				 "");
		return 0;
	}
	if (as_promised(p, mode) == p->execs)
		return 1;
	snprintf(why, size,
		 "attached, but of %d execs %d kept their privileges, %d lost "
		 "them, %d were refused (begun again %llu times, let go %llu, "
		 "could not be begun again %llu)",
		 p->execs, p->kept, p->lost, p->refused, p->begun_again,
		 p->let_go, p->unqueued);
	return 0;
}

void proof_say(const struct proof *p, enum guard_mode mode, char *text,
	       size_t size)
{
	static const char *const words[] = { "kept", "refused", "counted" };

	snprintf(text, size, "%s %d of %d, %s", words[mode],
		 as_promised(p, mode), p->execs,
		 p->frozen ? "frozen" : "shared");
}
