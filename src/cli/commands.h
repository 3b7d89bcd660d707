/* SPDX-License-Identifier: MIT */
/*
 * The commands, one file each.  A new one is a line here, a line in main.c's
 * table and a file in meson.build.  argv[0] is the command's own name; what
 * they return is the exit status.
 */
#ifndef COMMANDS_H
#define COMMANDS_H

int cmd_doctor(int argc, char **argv);
int cmd_guard(int argc, char **argv);
int cmd_probe(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_watch(int argc, char **argv);

#endif
