/* SPDX-License-Identifier: MIT */
/*
 * Runs the race and counts: losses TARGET CREATORS EXEC COUNT
 *
 * CREATORS is idle, frozen, spinning or shared (race.h); EXEC is plain,
 * guarded (cx_execve), nnp (plain under no_new_privs), true (plain, of
 * /bin/true), file (plain, of $LOSSES_FILE) or sharing (plain, and a child
 * process shares the fs).  One line a run that lost: "lost PID CREATOR", then
 * "N lost, N kept, N EAGAIN, N created".  Exit status 0, or 1 for a run that
 * was neither.  The caller is nobody, in each fifth run the user LOSSES_UID of
 * the environment; a creation is frozen (or the fs shared) for
 * LOSSES_RELEASE_MS of it, or to the end; the targets have names below
 * $TMPDIR.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <clonexec.h>

#include "named.h"
#include "race.h"

enum { NOBODY = 65534, STACK = 65536, MAX_RUNS = 100000, EACH = 5 };

static int exec_plain(const char *path, char *const argv[],
		      char *const envp[], void *arg)
{
	return execve(path, argv, envp);
}

static int exec_guarded(const char *path, char *const argv[],
			char *const envp[], void *arg)
{
	return cx_execve(path, argv, envp);
}

static int exec_nnp(const char *path, char *const argv[], char *const envp[],
		    void *arg)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return execve(path, argv, envp);
}

/* Prints nothing, so the run is broken; nothing was available either. */
static int exec_true(const char *path, char *const argv[], char *const envp[],
		     void *arg)
{
	return execve("/bin/true", argv, envp);
}

static int exec_file(const char *path, char *const argv[], char *const envp[],
		     void *arg)
{
	return execve(getenv("LOSSES_FILE"), argv, envp);
}

static int share(void *arg)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	/* The parent may have been quicker: then nobody ends us, and we would
	   hold an end of the pipe. */
	if (getppid() != *(pid_t *)arg)
		_exit(0);
	close(1);
	alarm(5);
	pause();
	return 0;
}

/* The sharer dies with us; it holds no end of the pipe. */
static int exec_sharing(const char *path, char *const argv[],
			char *const envp[], void *arg)
{
	char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	pid_t self = getpid();

	if (stack == MAP_FAILED)
		return -1;
	if (clone(share, stack + STACK, CLONE_FS | SIGCHLD, &self) < 0)
		return -1;
	/* Not libc's: no fixed kernel forgives this (fixed-kernel.c). */
	return (int)syscall(SYS_execve, path, argv, envp);
}

static const struct {
	const char *name;
	race_exec *exec;
} execs[] = {
	{ "plain", exec_plain }, { "guarded", exec_guarded },
	{ "nnp", exec_nnp },	 { "true", exec_true },
	{ "file", exec_file },	 { "sharing", exec_sharing },
};

static int find(const char *word, const char *const names[], int count)
{
	int i;

	for (i = 0; i < count; i++)
		if (!strcmp(word, names[i]))
			return i;
	fprintf(stderr, "losses: what is '%s'?\n", word);
	exit(2);
}

static race_exec *find_exec(const char *word)
{
	const char *names[sizeof(execs) / sizeof(execs[0])];
	size_t i;

	for (i = 0; i < sizeof(execs) / sizeof(execs[0]); i++)
		names[i] = execs[i].name;
	return execs[find(word, names, (int)i)].exec;
}

static int run_all(struct race *race, long runs)
{
	const char *uid = getenv("LOSSES_UID");
	struct target_caller one = *race->caller, other = one;
	long i, lost = 0, kept = 0, eagain = 0, created = 0, broken = 0;
	struct race_result r;

	for (i = 0; i < runs && i < MAX_RUNS; i++) {
		int error;

		if (uid)
			other.uid = (uid_t)atol(uid);
		race->caller = i % EACH == EACH - 1 ? &other : &one;
		error = race_run(race, &r);
		if (error) {
			fprintf(stderr, "losses: %s\n", race_why(&r, error));
			return 1;
		}
		lost += r.verdict == TARGET_LOST;
		kept += r.verdict == TARGET_KEPT;
		broken += r.verdict == TARGET_BROKEN;
		eagain += r.eagain;
		created += r.created;
		if (r.verdict == TARGET_LOST)
			printf("lost %d %d\n", r.pid, r.creator);
		if (r.verdict == TARGET_BROKEN && race->exec != exec_true)
			printf("broken: %s, status %#x: %s\n",
			       strerror(-r.error), (unsigned int)r.status,
			       r.line);
	}
	printf("%ld lost, %ld kept, %ld EAGAIN, %ld created\n", lost, kept,
	       eagain, created);
	return broken && race->exec != exec_true;
}

/* So that the paths can be told apart and no inode comes back, in a directory
   of their own that the test removes. */
static int name_targets(struct targets *targets,
			const struct target_caller *caller)
{
	const char *base = getenv("TMPDIR");
	char dir[PATH_MAX];

	if (!base)
		return 0;
	snprintf(dir, sizeof(dir), "%s/clonexec-XXXXXX", base);
	if (!mkdtemp(dir) || chown(dir, (uid_t)-1, caller->gid) ||
	    chmod(dir, 0710))
		return -errno;
	return named_targets(targets, dir);
}

int main(int argc, char **argv)
{
	static const char *const kinds[] = { "setuid", "setgid", "filecaps",
		"userns" };
	static const char *const creators[] = {
		[RACE_CALM] = "calm", [RACE_IDLE] = "idle",
		[RACE_FROZEN] = "frozen", [RACE_STRANGER] = "stranger",
		[RACE_SPINNING] = "spinning", [RACE_SHARED] = "shared",
	};
	const char *release = getenv("LOSSES_RELEASE_MS");
	struct target_caller caller = { NOBODY, NOBODY };
	static struct targets targets;
	struct race race = { .caller = &caller };
	int kind, status;

	if (argc != 5) {
		fprintf(stderr, "usage: losses TARGET CREATORS EXEC COUNT\n");
		return 2;
	}
	kind = find(argv[1], kinds, TARGET_KINDS);
	race.kind = (enum target_kind)kind;
	race.creators = (enum race_creators)find(argv[2], creators,
						 RACE_SHARED + 1);
	race.exec = find_exec(argv[3]);
	if (targets_make(&targets, &caller) || targets.error[kind] ||
	    name_targets(&targets, &caller)) {
		fprintf(stderr, "losses: no such target here\n");
		return 1;
	}
	race.path = targets.path[kind];
	race.guarded = 0;
	race.release_ms = release ? atoi(release) : 0;
	status = run_all(&race, atol(argv[4]));
	targets_remove(&targets);
	return status;
}
