# SPDX-License-Identifier: MIT
"""The goals, each with how it is read from the results: a function from the
groups and counts to (what was measured, whether it is met)."""


def pair(groups, counts):
    inlined = counts["creation"]["clonexec"] - counts["creation"]["raw"]
    called = counts["shared"]["clonexec"]
    return (f"{inlined:.0f} inlined in cx_pthread_create; {called} and the "
            "two calls and returns through cx_before_clone; 2 locked in "
            "either (`tests/cost`)", min(inlined, called) <= 8)


def noise(group, metric="time"):
    return f"A/A {group.ratio(group.again, metric)[0]:.3f}"


def creation_alone(groups, counts):
    g = groups["create-1-joined-default-glibc-pinned"]
    ratio = g.ratio("clonexec", "CPU time")[0]
    return f"{ratio:.3f} ({noise(g, 'CPU time')})", ratio <= 1.01


def creation_together(groups, counts):
    text, met = [], True
    for n in (2, 8):
        for end in ("joined", "detached"):
            g = groups[f"create-{n}-{end}-default-glibc"]
            ratio = g.ratio("clonexec")[0]
            text.append(f"{n} {end} {ratio:.3f} ({noise(g)})")
            met = met and ratio <= 1.03
    return "; ".join(text), met


def against_mutex(groups, counts):
    text, best = [], 0
    for end in ("joined", "detached"):
        g = groups[f"create-2-{end}-default-glibc"]
        ratio = g.ratio("pthread_mutex held", base="clonexec")[0]
        best = max(best, ratio)
        raw = g.ratio("pthread_mutex held", base="raw")[0]
        text.append(f"{end} {ratio:.2f} times (no lock at all {raw:.2f})")
    return "; ".join(text), best >= 2


def exec_alone(groups, counts):
    g = groups["exec-idle-0"]
    ratio = g.ratio("auto")[0]
    extra = g.above("auto") / 1000
    return (f"{ratio:.3f} ({noise(g)}); {extra:+.2f} us", ratio <= 1.005)


def exec_idle(idle, label, limit, bare):
    def read(groups, counts):
        g = groups[f"exec-idle-{idle}"]
        ratio, low, high = g.ratio(label)
        return (f"{ratio:.3f} ({low:.3f} to {high:.3f}; {noise(g)}; "
                f"by hand {g.ratio(bare)[0]:.3f})", ratio <= limit)
    return read


def failing(groups, counts):
    extra = groups["failing-missing"].above("auto") / 1000
    return f"{extra:+.2f} us", extra <= 3


def search(groups, counts):
    misses = groups["failing-search"].ratio("auto")[0]
    hit = groups["exec-search"].ratio("auto")[0]
    return (f"{misses:.2f} if nothing is found; {hit:.3f} if it is the 21st",
            misses <= 1.5 and hit <= 1.5)


def siblings(groups, counts):
    g = groups["exec-siblings-8"]
    ratio = g.p99("auto") / g.p99("plain")
    return (f"{ratio:.2f} ({g.p99('auto') / 1e6:.1f} ms against "
            f"{g.p99('plain') / 1e6:.1f} ms, n = {g.rounds})", ratio <= 0.6)


def waits(groups, counts):
    g = groups["exec-siblings-8"]
    values = g.values("auto")
    long = sum(v > 0.5e9 for v in values)
    return (f"{long} of {len(values)}; the longest "
            f"{max(values) / 1e6:.0f} ms", long == 0 and len(values) >= 1000)


def startup(groups, counts):
    text, met = [], True
    for name in ("glibc", "musl"):
        if "startup-" + name in groups:
            g = groups["startup-" + name]
            us = g.above("with the shim") / 1000
            nothing = g.above("with an empty library") / 1000
            text.append(f"{name} {us:+.1f} us, an empty library "
                        f"{nothing:+.1f}")
            met = met and us <= 15
    return "; ".join(text), met


GOALS = [
    ("shared pair: at most 8 instructions, 2 of them locked", pair),
    ("pthread_create, 1 creator, pinned, CPU time: at most 1.01 of raw",
     creation_alone),
    ("2 and 8 creators: at most 1.03 of raw", creation_together),
    ("2 creators: at least 2 times as fast as with a mutex", against_mutex),
    ("exec, one thread: 1.00", exec_alone),
    ("exec, auto, 8 idle threads: at most 1.01",
     exec_idle(8, "auto", 1.01, "unshare, exec by hand")),
    ("exec, auto, 64 idle threads: at most 1.01",
     exec_idle(64, "auto", 1.01, "unshare, exec by hand")),
    ("exec, helper, 8 idle threads: at most 1.06",
     exec_idle(8, "helper", 1.06, "thread, exec by hand")),
    ("exec, helper, 64 idle threads: at most 1.02",
     exec_idle(64, "helper", 1.02, "thread, exec by hand")),
    ("ENOENT, auto: at most 3 us over plain", failing),
    ("PATH search of 20 misses: at most 1.5 of libc's", search),
    ("exec beside 8 creators, p99: at most 0.6 of plain", siblings),
    ("no wait above 0.5 s in 1,000 of those", waits),
    ("shim start-up: at most 15 us", startup),
]


def rows(groups, counts):
    for goal, read in GOALS:
        try:
            text, met = read(groups, counts)
        except (KeyError, TypeError):
            yield goal, "not measured", "-"
        else:
            yield goal, text, "yes" if met else "**no**"
