// SPDX-License-Identifier: MIT
// Execs what it is told: by clonexec, or, with one more argument, by libc.
#include <clonexec.hpp>
#include <unistd.h>

int main(int argc, char **argv)
{
	char *args[] = { argv[1], nullptr };
	char *envp[] = { nullptr };

	clonexec::make_thread([] {}).join();
	{ clonexec::region_guard guard; }
	if (argc > 2) {
		// (It keeps out guarded creations, and the frozen one is not.)
		clonexec::exec_guard guard;
		execve(argv[1], args, envp);
	} else {
		clonexec::execve(argv[1], { argv[1] }, {});
	}
	return 1;
}
