/* SPDX-License-Identifier: MIT */
#include "stopped.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <clonexec.h>

#include "asleep.h"
#include "caller.h"
#include "nameless.h"
#include "patience.h"

enum { LOOK_US = 200, DEFAULT_LIMIT = 5000, STACK_SIZE = 65536 };

/* In memory that parent and child share. */
struct page {
	atomic_int error; /* -errno */
	atomic_int created, refused;
};

struct scene {
	const struct stopped *asked;
	struct page *page;
	int lease; /* the interpreter */
	char script[PATH_MAX];
	atomic_int creator; /* its tid, once the exec stands still */
	atomic_int done;
};

/* ---- The files -------------------------------------------------------- */

/* As the caller's, who may take a lease on his own files only. */
static int make_file(const struct stopped *s, const char *text,
		     char path[PATH_MAX])
{
	const char *base = nameless_base();
	int fd = base ? nameless_open(base) : -EACCES, error;

	if (fd < 0)
		return fd;
	error = nameless_write(fd, text, strlen(text));
	if (!error && s->caller && fchown(fd, s->caller->uid, s->caller->gid))
		error = -errno;
	if (!error && fchmod(fd, 0700))
		error = -errno;
	if (!error)
		return nameless_open_again(fd, path);
	close(fd);
	return error;
}

static int make_files(struct scene *s)
{
	char interpreter[PATH_MAX], text[PATH_MAX + 8];
	int error = make_file(s->asked, "not a program\n", interpreter);

	if (error < 0)
		return error;
	s->lease = error;
	snprintf(text, sizeof(text), "#!%s\n", interpreter);
	error = make_file(s->asked, text, s->script);
	return error < 0 ? error : 0;
}

/* ---- The child's threads ---------------------------------------------- */

static void *end_at_once(void *arg)
{
	return arg;
}

static int return_at_once(void *arg)
{
	return arg != NULL;
}

/* It has memory of its own, so one stack does for all. */
static int create_stranger(void)
{
	static char stack[STACK_SIZE] __attribute__((aligned(16)));
	pid_t pid = clone(return_at_once, stack + sizeof(stack),
			  CLONE_FS | SIGCHLD, NULL);

	if (pid < 0)
		return errno;
	return waitpid(pid, NULL, 0) == pid ? 0 : errno;
}

static int create(const struct stopped *asked)
{
	pthread_t thread;
	int error;

	if (asked->strangers)
		return create_stranger();
	if (asked->guarded)
		error = cx_pthread_create(&thread, NULL, end_at_once, NULL);
	else
		error = pthread_create(&thread, NULL, end_at_once, NULL);
	if (!error)
		pthread_join(thread, NULL);
	return error;
}

/* Waits for the kernel's word that the exec stands still. */
static void *create_all(void *arg)
{
	struct scene *s = arg;
	sigset_t io;
	int i, error;

	sigemptyset(&io);
	sigaddset(&io, SIGIO);
	while (sigwaitinfo(&io, NULL) != SIGIO)
		;
	atomic_store(&s->creator, (int)syscall(SYS_gettid));
	for (i = 0; i < STOPPED_CREATIONS; i++) {
		error = create(s->asked);
		if (!error)
			atomic_fetch_add(&s->page->created, 1);
		else if (error == EAGAIN)
			atomic_fetch_add(&s->page->refused, 1);
		else
			atomic_store(&s->page->error, -error);
	}
	atomic_store(&s->done, 1);
	return NULL;
}

/* Lets the exec go on when all creations were made, or one waits for it. */
static void *let_go(void *arg)
{
	struct scene *s = arg;
	int creator;

	for (;;) {
		creator = atomic_load(&s->creator);
		if (atomic_load(&s->done) ||
		    (s->asked->guarded && creator && asleep_in_futex(creator)))
			break;
		usleep(LOOK_US);
	}
	if (fcntl(s->lease, F_SETLEASE, F_UNLCK))
		atomic_store(&s->page->error, -errno);
	return NULL;
}

/* ---- The child -------------------------------------------------------- */

static int take_lease(const struct scene *s)
{
	sigset_t io;

	sigemptyset(&io);
	sigaddset(&io, SIGIO);
	if (sigprocmask(SIG_BLOCK, &io, NULL))
		return -errno;
	return fcntl(s->lease, F_SETLEASE, F_WRLCK) ? -errno : 0;
}

static int get_ready(struct scene *s)
{
	int error = make_files(s);

	if (!error && s->asked->caller)
		error = caller_drop(s->asked->caller);
	return error ? error : take_lease(s);
}

/* An exec that ended before it stood still tells why. */
static int stop_exec(struct scene *s)
{
	static char name[] = "clonexec-script";
	char *argv[] = { name, NULL }, *envp[] = { NULL };
	pthread_t creator, releaser;

	if (pthread_create(&creator, NULL, create_all, s) ||
	    pthread_create(&releaser, NULL, let_go, s))
		return -EAGAIN;
	s->asked->exec(s->script, argv, envp, s->asked->arg);
	if (errno != ENOEXEC || !atomic_load(&s->creator))
		return errno ? -errno : -EIO;
	pthread_join(creator, NULL);
	pthread_join(releaser, NULL);
	return 0;
}

_Noreturn static void become_child(const struct stopped *asked,
				   struct page *page)
{
	static struct scene s;
	int limit = asked->limit_ms ? asked->limit_ms : DEFAULT_LIMIT;
	int error;

	/* The parent ends us in time, unless it is killed itself. */
	signal(SIGALRM, SIG_DFL);
	alarm((unsigned int)(limit / 1000 + 2) * 2 * PATIENCE_BOUND);
	s.asked = asked;
	s.page = page;
	error = get_ready(&s);
	if (!error)
		error = stop_exec(&s);
	if (error)
		atomic_store(&page->error, error);
	_exit(0);
}

/* ---- The parent ------------------------------------------------------- */

static int judge(const struct page *page, struct stopped_result *r)
{
	r->created = atomic_load(&page->created);
	r->refused = atomic_load(&page->refused);
	if (atomic_load(&page->error))
		return atomic_load(&page->error);
	return r->created + r->refused == STOPPED_CREATIONS ? 0 : -EIO;
}

static int run_with_page(const struct stopped *s, struct page *page,
			 struct stopped_result *r)
{
	struct patience patience;
	int status, error;
	pid_t pid = fork();

	if (pid == 0)
		become_child(s, page);
	if (pid < 0)
		return -errno;
	patience_begin(&patience, pid,
		       s->limit_ms ? s->limit_ms : DEFAULT_LIMIT);
	error = patience_reap(&patience, &status);
	r->starved = error == -EBUSY;
	if (error)
		return error;
	return judge(page, r);
}

int stopped_run(const struct stopped *s, struct stopped_result *r)
{
	struct page *page = mmap(NULL, sizeof(*page), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int error;

	memset(r, 0, sizeof(*r));
	if (page == MAP_FAILED)
		return -errno;
	error = run_with_page(s, page, r);
	munmap(page, sizeof(*page));
	return error;
}

const char *stopped_why(const struct stopped_result *r, int error)
{
	if (r->starved)
		return "the machine is too busy to tell";
	switch (-error) {
	case EINVAL:
	case EAGAIN:
		return "no lease on a file is possible here";
	case EACCES:
		return "there is no place to run a script from";
	default:
		return strerror(-error);
	}
}
