/* SPDX-License-Identifier: MIT */
/*
 * What every function of the exec family does here, one line each: run with
 * and without the shim, the output must be the same.  Plain C that knows
 * nothing of clonexec; built for glibc and for musl.
 *
 *	family DIR	DIR is empty, and the working directory afterwards
 *	NO_EXECVEAT=	a filter says that the kernel has no execveat
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum call {
	EXECVE, EXECV, EXECVP, EXECVPE, EXECL, EXECLP, EXECLE, FEXECVE,
	SYSCALL_EXECVE, SYSCALL_EXECVEAT, SYSCALL_EMPTY_PATH, CALLS
};

static const char *const call_names[] = {
	"execve", "execv", "execvp", "execvpe", "execl", "execlp", "execle",
	"fexecve", "SYS_execve", "SYS_execveat", "AT_EMPTY_PATH",
};

enum mode { FORKED, VFORKED, THREADED, HANDLER, MODES };

static const char *const mode_names[] = {
	"forked", "vforked", "threaded", "in a handler",
};

static char *self;
static char *big;
static char long_name[300];

static const char *const files[] = {
	"./show", "show", "denied/show", "text", "./text", "none", "./none",
	"", "/", "./text/x", "./orphan", "./script", "script", "./empty",
	"twice", "blocked/show", long_name,
};

static char *argv[] = { "zero", "show", "two words", "", NULL };
static char *envp[] = { "MARK=given", NULL };

static int call_it(enum call call, const char *file)
{
	switch (call) {
	case EXECVE:
		return execve(file, argv, envp);
	case EXECV:
		return execv(file, argv);
	case EXECVP:
		return execvp(file, argv);
	case EXECVPE:
		return execvpe(file, argv, envp);
	case EXECL:
		return execl(file, "zero", "show", "1", "2", "3", "4", "5",
			     "6", "7", "8", (char *)NULL);
	case EXECLP:
		return execlp(file, "zero", (char *)NULL);
	case EXECLE:
		return execle(file, "zero", "show", "", (char *)NULL, envp);
	case FEXECVE:
		return fexecve(open(file, O_PATH | O_CLOEXEC), argv, envp);
	case SYSCALL_EXECVE:
		return (int)syscall(SYS_execve, file, argv, envp);
	case SYSCALL_EXECVEAT:
		return (int)syscall(SYS_execveat, AT_FDCWD, file, argv, envp,
				    AT_SYMLINK_NOFOLLOW);
	case SYSCALL_EMPTY_PATH:
		return (int)syscall(SYS_execveat,
				    open(file, O_PATH | O_CLOEXEC), "", argv,
				    envp, AT_EMPTY_PATH);
	default:
		return 0;
	}
}

static void *sleeper(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static enum call now_call;
static const char *now_file;

static void attempt(int sig)
{
	char text[64];
	int r = call_it(now_call, now_file);
	int n = snprintf(text, sizeof(text), "%d, errno %d\n", r, errno);

	if (write(1, text, (size_t)n) < 0)
		_exit(2);
	_exit(1);
}

static void child(enum mode mode)
{
	pthread_t t;

	if ((mode == THREADED || mode == HANDLER) &&
	    pthread_create(&t, NULL, sleeper, NULL) != 0)
		_exit(3);
	if (mode == HANDLER) {
		signal(SIGUSR1, attempt);
		raise(SIGUSR1);
	}
	attempt(0);
}

static void observe(enum mode mode, enum call call, const char *file)
{
	int status = 0;
	pid_t pid;

	now_call = call;
	now_file = file;
	printf("%s %s(\"%s\"): ", mode_names[mode], call_names[call], file);
	fflush(stdout);
	pid = mode == VFORKED ? vfork() : fork();
	if (pid == 0)
		child(mode);
	waitpid(pid, &status, 0);
	printf("  status %x\n", (unsigned int)status);
}

static void make(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, text, strlen(text)) < 0 ||
	    fchmod(fd, mode) != 0 || close(fd) != 0) {
		perror(path);
		exit(2);
	}
}

static void make_files(void)
{
	mkdir("denied", 0755);
	mkdir("blocked", 0755);
	mkdir("good", 0755);
	if (symlink(self, "good/show") != 0 || symlink(self, "show") != 0)
		exit(2);
	make("denied/show", "text", 0644);
	make("denied/twice", "text", 0644);
	make("blocked/show", "text", 0000);
	make("text", "echo text \"$@\"\n", 0644);
	make("good/text", "echo no-hashbang \"$0\" \"$@\"\n", 0755);
	make("orphan", "#!/no/such/interpreter\n", 0755);
	make("script", "#!/bin/sh\necho script \"$@\" $MARK\n", 0755);
	make("good/script", "#!/bin/sh\necho found \"$@\" $MARK\n", 0755);
	make("empty", "", 0755);
}

/* Arguments that the kernel refuses. */
static void observe_arguments(enum mode mode)
{
	enum call c;

	argv[2] = big;
	for (c = 0; c < CALLS; c++)
		observe(mode, c, "./show");
	argv[2] = "two words";
}

static int show(int argc, char **args)
{
	const char *mark = getenv("MARK");
	int i;

	for (i = 0; i < argc; i++)
		printf("[%s]", args[i]);
	printf(" MARK %s, PATH %s\n", mark ? mark : "none",
	       getenv("PATH") ? getenv("PATH") : "none");
	return 7;
}

static void take_away_execveat(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execveat, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(*code), code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		exit(2);
}

int main(int argc, char **args)
{
	enum mode m;
	enum call c;
	size_t i;

	if (argc > 0 && !strcmp(args[0], "zero"))
		return show(argc, args);
	self = realpath("/proc/self/exe", NULL);
	if (argc != 2 || !self || chdir(args[1]) != 0)
		return 2;
	big = malloc(200001);
	memset(big, 'b', 200000);
	big[200000] = '\0';
	memset(long_name, 'n', sizeof(long_name) - 1);
	make_files();
	setenv("PATH", "nowhere:denied:text:good::", 1);
	setenv("MARK", "inherited", 1);
	if (getenv("NO_EXECVEAT"))
		take_away_execveat();
	for (m = 0; m < MODES; m++) {
		for (c = 0; c < CALLS; c++)
			for (i = 0; i < sizeof(files) / sizeof(*files); i++)
				observe(m, c, files[i]);
		observe_arguments(m);
	}
	unsetenv("PATH");
	for (m = 0; m < MODES; m++) {
		observe(m, EXECVP, "echo");
		observe(m, EXECLP, "no-such-program");
	}
	return 0;
}
