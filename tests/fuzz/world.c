/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct {
	pthread_t thread;
	sem_t begin, end;
	void (*fn)(void *);
	void *arg;
	int error;
} world;

static int put(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	int r;

	if (fd < 0)
		return -1;
	r = write(fd, text, strlen(text)) == (ssize_t)strlen(text) &&
			    fchmod(fd, mode) == 0
		    ? 0 : -1;
	close(fd);
	return r;
}

static int populate(void)
{
	return mkdir("/a", 0755) || mkdir("/b", 0755) || mkdir("/m", 0755) ||
	       mkdir("/bin", 0755) || mkdir("/a/d", 0755) ||
	       put("/a/x", "\1\2", 0755) || put("/a/n", "\1\2", 0644) ||
	       put("/a/e", "", 0755) || put("/b/x", "\1\2", 0755) ||
	       put("/a/s", "#!/nowhere\n", 0755) ||
	       put("/f", "\1\2", 0755) || put("/bin/sh", "\1\2", 0755) ||
	       symlink("/nowhere", "/a/l") || symlink("o", "/a/o") ||
	       symlink("/a", "/c") || mkfifo("/a/u", 0755) ||
	       mount("none", "/m", "tmpfs", MS_NOEXEC, NULL) ||
	       put("/m/x", "\1\2", 0755) || chmod("/b", 0) || chdir("/a");
}

/* For this thread alone: root's rights over files would open every door. */
static int drop(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct none[2] = { { 0, 0, 0 }, { 0, 0, 0 } };

	return (int)syscall(SYS_capset, &header, none);
}

static int enter(void)
{
	return unshare(CLONE_FS | CLONE_NEWNS) ||
	       mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	       mount("none", "/tmp", "tmpfs", 0, "mode=755") ||
	       chdir("/tmp") || chroot(".") || populate() || drop();
}

/* Fuzzers have timers. */
static void await(sem_t *sem)
{
	while (sem_wait(sem) != 0)
		;
}

static void *live(void *arg)
{
	world.error = enter();
	sem_post(&world.end);
	while (!world.error) {
		await(&world.begin);
		world.fn(world.arg);
		sem_post(&world.end);
	}
	return arg;
}

static int tell(const char *file, const char *format, unsigned int id)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC);
	int r = fd >= 0 && dprintf(fd, format, id) > 0 ? 0 : -1;

	if (fd >= 0)
		close(fd);
	return r;
}

/* A user who is not root is root of a user namespace. */
static int be_root(void)
{
	unsigned int uid = getuid(), gid = getgid();

	if (geteuid() == 0)
		return 0;
	return unshare(CLONE_NEWUSER) ||
	       tell("/proc/self/uid_map", "0 %u 1", uid) ||
	       tell("/proc/self/setgroups", "deny", 0) ||
	       tell("/proc/self/gid_map", "0 %u 1", gid);
}

int world_make(void)
{
	if (be_root() || sem_init(&world.begin, 0, 0) ||
	    sem_init(&world.end, 0, 0) ||
	    pthread_create(&world.thread, NULL, live, NULL))
		return -1;
	await(&world.end);
	return world.error ? -1 : 0;
}

void world_run(void (*fn)(void *), void *arg)
{
	world.fn = fn;
	world.arg = arg;
	sem_post(&world.begin);
	await(&world.end);
}
