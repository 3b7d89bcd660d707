/* SPDX-License-Identifier: MIT */
/*
 * The commands, one file each.  A new one is a line here, a line in main.c's
 * table and a file in meson.build.  argv[0] is the command's own name; what
 * they return is the exit status.
 */
#ifndef COMMANDS_H
#define COMMANDS_H

enum {
	COMMAND_OK = 0,
	COMMAND_SKIPPED = 77, /* nothing could be tested */
	COMMAND_FAILED = 125  /* our own failure, as in env(1) */
};

int cmd_probe(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_watch(int argc, char **argv);

#endif
