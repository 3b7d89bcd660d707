# SPDX-License-Identifier: MIT
"""Thread creation: raw, through clonexec, with a lock of libc's held."""
from measure import Group

KINDS = {"raw": "raw", "clonexec": "clonexec",
         "pthread_mutex held": "mutex", "pthread_rwlock held": "rwlock"}
METRICS = ("time", "CPU time")


def group(tools, libc, creators, end, stack, pin, rounds, seconds):
    program = tools.bench("bench-create" if libc == "glibc"
                          else "bench-create-musl")
    if not program:
        return []
    count = max(10, 100 // creators)
    words = f"{creators} {end} {stack} {count} {pin}"
    kinds = {label: (program, f"{kind} {words}")
             for label, kind in KINDS.items()}
    title = (f"{creators} creator{'s' if creators > 1 else ''}"
             f"{' on one CPU' if pin else ''}, {end}, "
             f"{'the callers’ stacks' if stack == 'own' else 'default stacks'}"
             f", {libc}")
    name = f"create-{creators}-{end}-{stack}-{libc}" + ("-pinned" * pin)
    return [Group(name, title, kinds, rounds=rounds, seconds=seconds,
                  metrics=METRICS)]


def groups(tools):
    found = []
    # The ones with a goal, and then all the others.
    found += group(tools, "glibc", 1, "joined", "default", 1, 400, 20)
    for creators in (2, 8):
        for end in ("joined", "detached"):
            found += group(tools, "glibc", creators, end, "default", 0, 300,
                           20)
    names = {g.name for g in found}
    for libc in ("glibc", "musl"):
        for creators in (1, 2, 8):
            for end in ("joined", "detached"):
                for stack in ("default", "own"):
                    found += [g for g in group(tools, libc, creators, end,
                                               stack, 0, 40, 3)
                              if g.name not in names]
    return found
