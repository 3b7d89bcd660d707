# SPDX-License-Identifier: MIT
"""Execs that fail, in a process of two threads."""
import os

from measure import Group

CASES = {
    "missing": "ENOENT",
    "denied": "EACCES",
    "search": "a PATH search, 20 directories, none has it",
    "format": "ENOEXEC, which cannot be foreseen",
}


def groups(tools):
    program = tools.bench("bench-failing")
    garbage = tools.path("bench", "not-a-program")
    with open(garbage, "w") as file:
        file.write("no program\n")
    os.chmod(garbage, 0o755)
    found = [Group(f"failing-{case}", f"A failing exec: {title}",
                    {m: (program, f"{m} {case} 50 {garbage}")
                    for m in ("plain", "auto", "helper", "lock")},
                   rounds=200, seconds=6)
             for case, title in CASES.items()]
    found.append(Group(
        "failing-first", "The first exec of a process (ENOENT)",
        {m: (program, f"{m} first 1") for m in ("plain", "auto", "lock")},
        metrics=("time", "touch a page", "mark it"), rounds=400, seconds=6,
        note="A first use of the lock touches a page and marks it "
        "MADV_WIPEONFORK; what these two cost a program is measured beside "
        "it. Every exec that succeeds is a first one."))
    return found
