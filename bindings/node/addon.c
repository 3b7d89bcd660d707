/* SPDX-License-Identifier: MIT */
/*
 * The native half of the package, in plain Node-API, so that one build serves
 * every version of Node.  index.js has checked the arguments and makes the
 * errors; here a failure is an errno.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <node_api.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

#include "clonexec.h"

enum { STANDARD = 3 };

/* What Node has changed of the process, and no program expects that it starts
   with: its standard descriptors are closed by exec and may be non-blocking,
   and these signals are ignored. */
static const int ignored[] = { SIGPIPE, SIGXFSZ };
enum { IGNORED = sizeof(ignored) / sizeof(*ignored) };

struct changed {
	int close[STANDARD];
	int status[STANDARD];
	struct sigaction actions[IGNORED];
};

static void set_usual(struct changed *was)
{
	struct sigaction usual = { .sa_handler = SIG_DFL };

	for (int fd = 0; fd < STANDARD; fd++) {
		was->close[fd] = fcntl(fd, F_GETFD);
		was->status[fd] = fcntl(fd, F_GETFL);
		if (was->close[fd] > 0)
			fcntl(fd, F_SETFD, was->close[fd] & ~FD_CLOEXEC);
		if (was->status[fd] > 0 && was->status[fd] & O_NONBLOCK)
			fcntl(fd, F_SETFL, was->status[fd] & ~O_NONBLOCK);
	}
	for (int i = 0; i < IGNORED; i++)
		sigaction(ignored[i], &usual, &was->actions[i]);
}

static void set_back(const struct changed *was)
{
	for (int i = 0; i < IGNORED; i++)
		sigaction(ignored[i], &was->actions[i], NULL);
	for (int fd = 0; fd < STANDARD; fd++) {
		if (was->close[fd] > 0)
			fcntl(fd, F_SETFD, was->close[fd]);
		if (was->status[fd] > 0 && was->status[fd] & O_NONBLOCK)
			fcntl(fd, F_SETFL, was->status[fd]);
	}
}

/* The string that a value is, from malloc(3), or NULL. */
static char *make_text(napi_env env, napi_value value)
{
	size_t length;
	char *text;

	if (napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok)
		return NULL;
	text = malloc(length + 1);
	if (text)
		napi_get_value_string_utf8(env, value, text, length + 1,
					   &length);
	return text;
}

static void free_vector(char **vector)
{
	for (size_t i = 0; vector && vector[i]; i++)
		free(vector[i]);
	free(vector);
}

/* An argv or envp of an array of strings, or NULL. */
static char **make_vector(napi_env env, napi_value array)
{
	napi_value element;
	uint32_t length;
	char **vector;

	if (napi_get_array_length(env, array, &length) != napi_ok)
		return NULL;
	vector = calloc((size_t)length + 1, sizeof(*vector));
	for (uint32_t i = 0; vector && i < length; i++) {
		if (napi_get_element(env, array, i, &element) == napi_ok)
			vector[i] = make_text(env, element);
		if (!vector[i]) {
			free_vector(vector);
			return NULL;
		}
	}
	return vector;
}

static napi_value number(napi_env env, int value)
{
	napi_value made;

	return napi_create_int32(env, value, &made) == napi_ok ? made : NULL;
}

/* exec(search, file, argv, envp): the errno, if it returns. */
static napi_value call_exec(napi_env env, napi_callback_info info)
{
	napi_value args[4];
	size_t count = 4;
	bool search = false;
	struct changed was;
	char *file, **argv, **envp;
	int error = ENOMEM;

	napi_get_cb_info(env, info, &count, args, NULL, NULL);
	napi_get_value_bool(env, args[0], &search);
	file = make_text(env, args[1]);
	argv = make_vector(env, args[2]);
	envp = make_vector(env, args[3]);
	if (file && argv && envp) {
		set_usual(&was);
		if (search)
			cx_execvpe(file, argv, envp);
		else
			cx_execve(file, argv, envp);
		error = errno;
		set_back(&was);
	}
	free_vector(envp);
	free_vector(argv);
	free(file);
	return number(env, error);
}

/* guarded(f): what f returns, or throws. */
static napi_value call_guarded(napi_env env, napi_callback_info info)
{
	napi_value function, global, result = NULL;
	size_t count = 1;

	napi_get_cb_info(env, info, &count, &function, NULL, NULL);
	napi_get_global(env, &global);
	cx_before_clone();
	napi_call_function(env, global, function, 0, NULL, &result);
	cx_after_clone();
	return result;
}

/* setStrategy(number): 0 or an errno. */
static napi_value call_set_strategy(napi_env env, napi_callback_info info)
{
	napi_value strategy;
	size_t count = 1;
	int32_t value = -1;

	napi_get_cb_info(env, info, &count, &strategy, NULL, NULL);
	napi_get_value_int32(env, strategy, &value);
	return number(env,
		      cx_set_strategy((enum cx_strategy)value) ? errno : 0);
}

/* status(): [asked, in force, whether the file system context is private], or
   undefined with errno lost, which says that /proc cannot be read. */
static napi_value call_status(napi_env env, napi_callback_info info)
{
	struct cx_status status = { .size = sizeof(status) };
	napi_value array;

	if (cx_status(&status) != 0 ||
	    napi_create_array(env, &array) != napi_ok)
		return NULL;
	napi_set_element(env, array, 0, number(env, (int)status.asked));
	napi_set_element(env, array, 1, number(env, (int)status.in_force));
	napi_set_element(env, array, 2, number(env, status.fs_private));
	return array;
}

NAPI_MODULE_INIT()
{
	static const struct {
		const char *name;
		napi_callback call;
	} functions[] = {
		{ "exec", call_exec },
		{ "guarded", call_guarded },
		{ "setStrategy", call_set_strategy },
		{ "status", call_status },
	};
	napi_value made;

	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		if (napi_create_function(env, functions[i].name,
					 NAPI_AUTO_LENGTH, functions[i].call,
					 NULL, &made) != napi_ok ||
		    napi_set_named_property(env, exports, functions[i].name,
					    made) != napi_ok)
			return NULL;
	return exports;
}
