# SPDX-License-Identifier: MIT
"""Instructions through callgrind, and system calls from the gate's tracer:
the same in each run."""
import os
import re
import shutil
import subprocess
import tempfile

PAIRS = 1000
CREATIONS = 100


def callgrind(arguments, *options):
    """Self cost by function, and the total."""
    with tempfile.TemporaryDirectory() as directory:
        out = os.path.join(directory, "out")
        subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=" + out,
             "--compress-strings=no", "--compress-pos=no", *options,
             *arguments], check=True, capture_output=True, timeout=120)
        with open(out) as lines:
            return self_costs(lines)


def self_costs(lines):
    """A function's lines are "LINE COST"; the line after calls= is what the
    call cost, and not the function's own."""
    costs, function, is_call = {}, None, False
    for line in lines:
        if line.startswith("fn="):
            function = line[3:].strip()
        elif line.startswith("calls="):
            is_call = True
        elif re.match(r"[0-9+*-]", line):
            if not is_call:
                costs[function] = costs.get(function, 0) + \
                    int(line.split()[1])
            is_call = False
    return costs


def pairs(tools, side):
    """Instructions of a pair beyond the loop and two empty calls."""
    lock = tools.path("bench", "lock")
    names = subprocess.run([lock, "names"], check=True, text=True,
                           capture_output=True).stdout.split()
    if tools.quick:
        names = [n for n in names if "none" in n or "clonexec" in n]
    counts = {}
    for name in names:
        costs = callgrind([lock, "count", name, side, str(PAIRS)],
                          "--collect-atstart=no",
                          "--toggle-collect=count_here")
        counts[name] = sum(costs.values()) / PAIRS
    none = counts.pop("none")
    return {name: round(n - none) for name, n in counts.items()}, round(none)


def creation(tools):
    """cx_pthread_create itself beyond the same function without a lock."""
    program, own = tools.path("bench", "bench-create"), {}
    for kind, function in (("raw", "create_raw"),
                           ("clonexec", "cx_pthread_create")):
        costs = callgrind([program, "count", kind, str(CREATIONS)])
        own[kind] = costs.get(function, 0) / CREATIONS
    return {"raw": own["raw"], "clonexec": own["clonexec"]}


def calls(tools):
    """{case: the system calls in order}, as `make check` counts them."""
    test = tools.path("tests", "cost", "test-cost-calls")
    if not os.access(test, os.X_OK):
        return {}
    out = subprocess.run([test], text=True, capture_output=True).stdout
    return {name: row.split() for row, name in
            re.findall(r"^# \d+:(.*)\nok \d+ - (.*)$", out, re.MULTILINE)}


def verdicts(tools):
    """{means: "kept" or "lost"} in the frozen race; {} without root."""
    out = subprocess.run([tools.path("bench", "exec-verdict")], text=True,
                         capture_output=True, timeout=300).stdout
    return dict(line.split(" ", 1) for line in out.splitlines())


def slow(tools):
    """The longest creation beside an exec that stands still so long."""
    ms = 100 if tools.quick else 4500
    out = subprocess.run([tools.path("bench", "exec-slow"), str(ms)],
                         text=True, capture_output=True, timeout=300).stdout
    rows = [line.split() for line in out.splitlines()]
    return {"ms": ms, "rows": [(m, int(us), int(n)) for m, us, n in rows]}


def startup(tools):
    """{what is preloaded: (system calls, page faults)} of /bin/true."""
    if not shutil.which("strace"):
        return {}
    found = {}
    for label, library in (
            ("nothing", ""),
            ("an empty library", tools.path("bench", "bench-empty.so")),
            ("the shim", tools.path("src", "preload",
                                    "libclonexec-preload.so"))):
        env = {"LD_PRELOAD": library} if library else {}
        lines = subprocess.run(["strace", "-E", "LD_PRELOAD=" + library,
                                "/bin/true"], text=True, check=True,
                               capture_output=True).stderr.splitlines()
        found[label] = len(lines), min(faults(env) for _ in range(20))
    return found


def faults(env):
    pid = os.posix_spawn("/bin/true", ["/bin/true"], env)
    return os.wait4(pid, 0)[2].ru_minflt


def results(tools):
    found = {"calls": calls(tools), "verdicts": verdicts(tools),
             "slow": slow(tools), "startup": startup(tools)}
    if shutil.which("valgrind"):
        found["shared"], found["nothing"] = pairs(tools, "shared")
        found["exclusive"], _ = pairs(tools, "exclusive")
        found["creation"] = creation(tools)
    return found
