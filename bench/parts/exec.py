# SPDX-License-Identifier: MIT
"""From the call to the new program's main."""
import os
import sys

from measure import Group

OURS = ("auto", "unshare", "helper", "lock")
# The kernel's own part, without which nobody can do it.
BARE = {"unshare, exec by hand": "bare-unshare",
        "unshare, exec by hand, having asked /proc": "bare-asking",
        "thread, exec by hand": "bare-helper"}


class Asker:
    def __init__(self, tools):
        self.program = tools.bench("bench-exec")
        self.caller = tools.path("bench", "exec-caller")
        self.target = tools.path("bench", "exec-target")
        self.shim = tools.path("src", "preload", "libclonexec-preload.so")

    def __call__(self, means, idle=0, siblings=0, megabytes=0, pin=1,
                 shim=False, caller=None):
        return (self.program,
                f"{caller or self.caller} {means} {idle} {siblings} "
                f"{megabytes} {pin} {self.shim if shim else '-'} "
                f"{self.target}")


def all_means(ask, means=OURS, **more):
    kinds = {"plain": ask("plain", **more)}
    kinds.update({m: ask(m, **more) for m in means})
    kinds["shim"] = ask("plain", shim=True, **more)
    return kinds


def with_idle(ask):
    for idle, rounds, seconds in ((0, 1000, 30), (1, 600, 25), (2, 600, 25),
                                  (8, 1000, 35), (64, 600, 40),
                                  (512, 60, 25)):
        what = (f"{idle} idle thread{'s' * (idle > 1)}" if idle else
                "no other thread")
        kinds = all_means(ask, idle=idle)
        kinds.update({label: ask(means, idle=idle)
                      for label, means in BARE.items() if idle})
        yield Group(f"exec-idle-{idle}", f"Exec, {what}", kinds,
                    rounds=rounds, seconds=seconds,
                    metrics=("time", "page faults"))


# What else a program might do: its name in the tables, and exec-means.c's.
BY_HAND = {"unshare, exec by hand": "bare-unshare",
           "pthread_mutex around both": "mutex",
           "rwlock, writers first": "rwlock",
           "creations tried again": "retry",
           "posix_spawn and wait": "spawn",
           "fork, exec and wait": "fork"}


def with_siblings(ask):
    for siblings, rounds, seconds in ((2, 400, 60), (4, 400, 75),
                                      (8, 1000, 180)):
        more = {"siblings": siblings, "pin": 0}
        kinds = all_means(ask, **more)
        kinds.update({label: ask(means, **more)
                      for label, means in BY_HAND.items()})
        yield Group(f"exec-siblings-{siblings}",
                    f"Exec beside {siblings} threads that create detached "
                    "threads all the time", kinds, rounds=rounds,
                    seconds=seconds, metrics=("time", "page faults", "EAGAIN"))


def go_siblings(tools, ask):
    """In a group of its own: it takes up to seconds."""
    go = tools.path("bench", "exec-caller-go")
    if os.access(go, os.X_OK):
        yield Group("exec-siblings-go", "Go's syscall.Exec beside 4 "
                    "goroutines that make threads all the time",
                    {"plain": ask("plain", siblings=4, pin=0),
                     "auto": ask("auto", siblings=4, pin=0),
                     "Go syscall.Exec": ask("x", siblings=4, pin=0,
                                            caller=go)},
                    rounds=60, seconds=60,
                    note="In C the creators are C's, in Go they are Go's.")


def others(tools, ask):
    yield Group("exec-memory", "Exec, 256 MB touched, 1 idle thread",
                all_means(ask, ("auto", "helper"), idle=1, megabytes=256),
                rounds=25, seconds=25)
    yield Group("exec-search", "execvp, 20 directories without it first, "
                "8 idle threads",
                {"plain": ask("search-plain", idle=8),
                 "auto": ask("search", idle=8)}, rounds=500, seconds=10)
    kinds = {"plain": ask("plain", idle=8), "auto": ask("auto", idle=8),
             "fork + exec": ask("fork", idle=8),
             "vfork + exec": ask("vfork", idle=8),
             "posix_spawn": ask("spawn", idle=8)}
    go = tools.path("bench", "exec-caller-go")
    if os.access(go, os.X_OK):
        kinds["Go syscall.Exec"] = ask("x", idle=8, caller=go)
    caller = os.path.realpath(sys.executable) + "," + \
        os.path.join(tools.root, "bench", "exec-caller.py")
    kinds["Python os.execv"] = ask("x", idle=8, caller=caller)
    kinds["Python os.execv, shim"] = ask("x", idle=8, caller=caller,
                                         shim=True)
    yield Group("exec-others", "Other ways to start a program, 8 idle "
                "threads", kinds, rounds=150, seconds=25,
                note="fork, vfork and posix_spawn start a second process: "
                "they are no replacement, but what one might do instead.")


def groups(tools):
    ask = Asker(tools)
    return [*with_idle(ask), *with_siblings(ask), *go_siblings(tools, ask),
            *others(tools, ask)]
