/* SPDX-License-Identifier: MIT */
#include "pathexec.h"

#include <errno.h>

/*
 * Arrays here are as large as needed and no larger, like libc's: this may
 * run on the small alternate stack of a signal handler.
 */

/* sh, the script, and all but the first argument. */
static int exec_script(const char *script, const struct cx_attempt *a)
{
	struct cx_attempt sh = {
		.file = "/bin/sh",
		.envp = a->envp,
		.strategy = a->strategy,
		.log = a->log,
	};
	size_t i, argc = 0;

	while (a->argv && a->argv[argc])
		argc++;
	if (argc == 0)
		argc = 1;
	{
		char *sh_argv[argc + 2];

		sh_argv[0] = (char *)sh.file;
		sh_argv[1] = (char *)script;
		for (i = 1; i < argc; i++)
			sh_argv[i + 1] = a->argv[i];
		sh_argv[argc + 1] = NULL;
		sh.argv = sh_argv;
		return cx_exec(&sh);
	}
}

static int exec_candidates(struct cx_attempt *a, size_t size)
{
	char candidate[size];
	int r;

	a->candidate = candidate;
	r = cx_exec(a);
	if (r == -ENOEXEC && a->rules->runs_scripts)
		r = exec_script(candidate, a);
	return r;
}

static int has_slash(const char *s)
{
	while (*s && *s != '/')
		s++;
	return *s != '\0';
}

int cx_pathexec(struct cx_attempt *a, const char *path,
		const struct cx_search_rules *rules)
{
	int r;

	if (has_slash(a->file)) {
		r = cx_exec(a);
		if (r == -ENOEXEC && rules->runs_scripts)
			r = exec_script(a->file, a);
		return r;
	}
	r = cx_search_start(&a->search, a->file,
			    path ? path : rules->default_path);
	if (r < 0)
		return r;
	a->rules = rules;
	return exec_candidates(a, (size_t)r);
}
