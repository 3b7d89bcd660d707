/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <string.h>

enum { ID = UNIT_CONTAINER - 1 }; /* hexadecimal digits */

static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
			      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      "0123456789:-_.@\\";

static int ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n > m && !strcmp(text + n - m, end);
}

static int starts_with(const char *text, const char *begin)
{
	return !strncmp(text, begin, strlen(begin));
}

/* An id of 64 digits with no more of them around: docker-ID.scope (Docker),
   libpod-ID.scope (Podman), cri-containerd-ID.scope, crio-ID.scope, ID. */
static int take_id(const char *name, struct unit *u)
{
	static const char digits[] = "0123456789abcdef";
	size_t n;

	/* What watches over a container (conmon) is outside of it. */
	if (strstr(name, "-conmon-"))
		return 0;
	for (; *name; name += n ? n : 1) {
		n = strspn(name, digits);
		if (n != ID)
			continue;
		snprintf(u->container, sizeof(u->container), "%.*s", ID, name);
		return 1;
	}
	return 0;
}

/*
 * The name of a machine as machinectl shows it, in place.  In a unit's name
 * systemd writes some characters otherwise; of those that a machine's name may
 * have that is the '-', as \x2d.  Anything else stays as it is.
 */
static void unescape(char *name)
{
	static const char dash[] = "\\x2d";
	size_t n = strlen(dash);
	char *at = name;

	while ((at = strstr(at, dash))) {
		*at++ = '-';
		memmove(at, at + n - 1, strlen(at + n - 1) + 1);
	}
}

/* machine-NAME.scope (systemd-machined), systemd-nspawn@NAME.service,
   lxc.payload.NAME. */
static int take_machine(const char *name, struct unit *u)
{
	static const struct {
		const char *before, *after;
	} forms[] = {
		{ "machine-", ".scope" },
		{ "systemd-nspawn@", ".service" },
		{ "lxc.payload.", "" },
	};
	size_t i, n;

	/* What is in that of a virtual machine is QEMU itself. */
	if (starts_with(name, "machine-qemu\\x2d"))
		return 0;
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (!starts_with(name, forms[i].before) ||
		    !ends_with(name, forms[i].after))
			continue;
		name += strlen(forms[i].before);
		n = strlen(name) - strlen(forms[i].after);
		if (!n || n >= sizeof(u->container))
			return 0;
		snprintf(u->container, sizeof(u->container), "%.*s", (int)n,
			 name);
		if (i == 0)
			unescape(u->container);
		return 1;
	}
	return 0;
}

/*
 * Inside of a container a service is that of its own systemd.  Below a service
 * the groups are the service's own, which may give them any name; only the
 * manager of a user has units below itself.  (A name that begins with '-' would
 * be an option of systemctl.)
 */
static void take(const char *name, struct unit *u)
{
	if (*name == '-' || strspn(name, allowed) != strlen(name))
		return;
	if (take_id(name, u) || take_machine(name, u)) {
		u->name[0] = '\0';
		return;
	}
	if (u->name[0] && !starts_with(u->name, "user@"))
		return;
	if (!ends_with(name, ".service") && !ends_with(name, ".scope"))
		return;
	if (starts_with(name, "user@"))
		u->of_user = 1;
	snprintf(u->name, sizeof(u->name), "%s", name);
}

void unit_find(const char *cgroup, struct unit *u)
{
	char name[UNIT_NAME];
	size_t n;

	memset(u, 0, sizeof(*u));
	for (; *cgroup; cgroup += n) {
		cgroup += strspn(cgroup, "/");
		n = strcspn(cgroup, "/");
		if (n >= sizeof(name))
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)n, cgroup);
		take(name, u);
	}
}
