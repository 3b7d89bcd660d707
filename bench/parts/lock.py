# SPDX-License-Identifier: MIT
"""The lock alone, beside what else a program could take."""
import subprocess

from measure import Group

LANGUAGES = {"Go sync.RWMutex": "lock-go", "Rust RwLock": "lock-rust"}


def label(word):
    """Blanks come as _ and only stand behind a comma."""
    head, comma, tail = word.partition(",")
    return head + comma + tail.replace("_", " ")


def candidates(tools):
    lock = tools.bench("lock")
    names = subprocess.run([lock.command[0], "names"], check=True, text=True,
                           capture_output=True).stdout.split()
    known = {label(name): (lock, name) for name in names}
    for language, name in LANGUAGES.items():
        known[language] = (tools.bench(name), "-")
    return known


def group(tools, name, title, question, **more):
    kinds = {who: (program, f"{word} {question}")
             for who, (program, word) in candidates(tools).items()
             if program}
    return Group("lock-" + name, title, kinds, base="none", unit="ns", **more)


def groups(tools):
    rare = ("The longest wait of a writer that comes each millisecond is the "
            "second figure. liburcu's writer keeps nobody out.")
    return [
        group(tools, "shared-1", "Shared pair, one thread",
              "shared 1 0 200000", rounds=101, seconds=10),
        group(tools, "shared-2", "Shared pair, two threads at once",
              "shared 2 0 100000", rounds=101, seconds=15),
        group(tools, "writer", "Shared pair, two threads, and a rare writer",
              "shared 2 1 100000", rounds=41, seconds=25, note=rare,
              metrics=("time", "longest wait", "middle wait")),
        group(tools, "exclusive-1", "Exclusive pair, one thread",
              "exclusive 1 0 2000", rounds=101, seconds=10),
    ]
