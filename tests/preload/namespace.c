/* SPDX-License-Identifier: MIT */
/* A plugin in a namespace of its own (dlmopen(3)) execs in vain, and says what
   errno is there: $PLUGIN is plugin.c. */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
#ifdef LM_ID_NEWLM
	char *args[] = { argv[1], NULL };
	void *plugin = dlmopen(LM_ID_NEWLM, getenv("PLUGIN"), RTLD_NOW);
	int (*exec_errno)(char **);

	if (!plugin)
		return 2;
	exec_errno = (int (*)(char **))dlsym(plugin, "plugin_errno");
	errno = 0;
	printf("%s\n", strerror(exec_errno(args)));
	/* And in one that takes the place of another. */
	dlclose(plugin);
	plugin = dlmopen(LM_ID_NEWLM, getenv("PLUGIN"), RTLD_NOW);
	exec_errno = (int (*)(char **))dlsym(plugin, "plugin_errno");
	printf("%s\n", strerror(exec_errno(args)));
#endif
	return 0;
}
