/* SPDX-License-Identifier: MIT */
/* The names of what is installed beside the command. */
#ifndef INSTALLED_H
#define INSTALLED_H

#define INSTALLED_SHIM "libclonexec-preload.so"
#define INSTALLED_AUDITOR "libclonexec-audit.so"
#define INSTALLED_WATCHER "clonexec-watch"
#define INSTALLED_GUARD "clonexec-guard"

#endif
