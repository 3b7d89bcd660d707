# SPDX-License-Identifier: MIT
"""What the shim costs a program that starts."""
import os

from measure import Group


def groups(tools):
    program = tools.bench("bench-startup")
    shim = tools.path("src", "preload", "libclonexec-preload.so")
    nothing = tools.path("bench", "bench-empty.so")
    found = []
    for libc, name in (("glibc", "empty"), ("musl", "musl-empty")):
        empty = tools.path("tests", "preload", name)
        if os.access(empty, os.X_OK):
            found.append(Group(
                f"startup-{libc}", f"An empty program, {libc}",
                {"without": (program, f"{empty} -"),
                 "with an empty library": (program, f"{empty} {nothing}"),
                 "with the shim": (program, f"{empty} {shim}")},
                rounds=1500, seconds=10))
    return found
