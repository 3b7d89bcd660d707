# SPDX-License-Identifier: MIT
"""The goals, each with how it is read from the results: a function from the
groups and counts to (what was measured, whether it is met)."""


def pair(groups, counts):
    more = counts["creation"]["clonexec"] - counts["creation"]["raw"]
    own = counts["shared"]["clonexec"]
    return (f"{own}, 2 locked (`tests/cost`); cx_pthread_create as a whole has "
            f"{more:.0f} more than without a lock, and cx_before_clone its "
            "call and return beside", own <= 8)


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


def failing(groups, counts):
    extra = groups["failing-missing"].above("auto") / 1000
    return f"{extra:+.2f} us", extra <= 3


def search(groups, counts):
    misses = groups["failing-search"].ratio("auto")[0]
    hit = groups["exec-search"].ratio("auto")[0]
    return (f"{misses:.2f} if nothing is found; {hit:.3f} if it is the 21st",
            misses <= 1.5 and hit <= 1.5)


def siblings(base):
    def read(groups, counts):
        text, met = [], True
        for n in (2, 4, 8):
            g = groups[f"exec-siblings-{n}"]
            half = g.ratio("auto", base=base)[0]
            most = g.p90("auto") / g.p90(base)
            again = g.ratio(g.again)[0], g.p90(g.again) / g.p90(g.base)
            text.append(f"{n}: {half:.3f} and {most:.3f} (A/A {again[0]:.3f} "
                        f"and {again[1]:.3f})")
            met = met and max(half, most) <= 1.05
        return "; ".join(text), met
    return read


def slow(groups, counts):
    rows = {means: us for means, us, _ in counts["slow"]["rows"]}
    most = max(rows["auto"], rows["unshare"]) - rows["plain"]
    return (f"{rows['auto'] / 1000:.1f} and {rows['unshare'] / 1000:.1f} ms, "
            f"plain {rows['plain'] / 1000:.1f} beside an exec of "
            f"{counts['slow']['ms']} ms (under a mutex "
            f"{rows['mutex'] / 1000:,.0f})", most <= 10000)


def idle(label, bare, limit):
    """Above the same by hand."""
    def read(groups, counts):
        text, met = [], True
        for n in (1, 2, 8, 64):
            g = groups[f"exec-idle-{n}"]
            ratio, low, high = g.ratio(label, base=bare)
            text.append(f"{n}: {ratio:.3f} ({low:.3f} to {high:.3f}; "
                        f"{noise(g)})")
            met = met and ratio <= limit
        return "; ".join(text), met
    return read


def faults(label, bare, limit):
    def read(groups, counts):
        more = [groups[f"exec-idle-{n}"].p50(label, "page faults") -
                groups[f"exec-idle-{n}"].p50(bare, "page faults")
                for n in (1, 2, 8, 64)]
        return ", ".join(f"{n:+.0f}" for n in more), max(more) <= limit
    return read


def calls(case, limit):
    def read(groups, counts):
        n = len(counts["calls"][case])
        return f"{n}", n <= limit
    return read


def waits(groups, counts):
    g = groups["exec-siblings-8"]
    values = g.values("auto")
    long = sum(v > 0.5e9 for v in values)
    return (f"{long} of {len(values)}; the longest "
            f"{max(values) / 1e6:.0f} ms", long == 0 and len(values) >= 1000)


def startup(groups, counts):
    found = counts["startup"]
    return ("; ".join(f"{label}: {calls} calls, {faults} faults"
                      for label, (calls, faults) in found.items()),
            all(ours <= empty for ours, empty in
                zip(found["the shim"], found["an empty library"])))


GOALS = [
    ("shared pair: at most 8 instructions, 2 of them locked", pair),
    ("pthread_create, 1 creator, pinned, CPU time: at most 1.01 of raw",
     creation_alone),
    ("2 and 8 creators: at most 1.03 of raw", creation_together),
    ("2 creators: at least 2 times as fast as with a mutex", against_mutex),
    ("exec, one thread: 1.00", exec_alone),
    ("exec, auto, 1, 2, 8, 64 idle threads: at most 1.02 of by hand",
     idle("auto", "unshare, exec by hand", 1.02)),
    ("the same by hand, having asked /proc: at most 1.02 of that",
     idle("auto", "unshare, exec by hand, having asked /proc", 1.02)),
    ("page faults of it: at most 1 more than by hand",
     faults("auto", "unshare, exec by hand", 1)),
    ("system calls of it: at most 9", calls("auto", 9)),
    ("exec, helper, the same: at most 1.10 of by hand",
     idle("helper", "thread, exec by hand", 1.1)),
    ("page faults of it: at most 2 more than by hand",
     faults("helper", "thread, exec by hand", 2)),
    ("system calls of it: at most 25", calls("helper", 25)),
    ("system calls of one that finds no file: at most 6",
     calls("auto, no such file", 6)),
    ("ENOENT, auto: at most 3 us over plain", failing),
    ("PATH search of 20 misses: at most 1.5 of libc's", search),
    ("exec beside 2, 4, 8 creators, p50 and p90: at most 1.05 of plain",
     siblings("plain")),
    ("the same: at most 1.05 of unshare and exec by hand",
     siblings("unshare, exec by hand")),
    ("no wait above 0.5 s in 1,000 execs beside 8 creators", waits),
    ("a creation beside a slow exec, auto and unshare: at most 10 ms above "
     "plain", slow),
    ("shim start-up: no more calls or faults than an empty library",
     startup),
]


def rows(groups, counts):
    for goal, read in GOALS:
        try:
            text, met = read(groups, counts)
        except (KeyError, TypeError):
            yield goal, "not measured", "-"
        else:
            yield goal, text, "yes" if met else "**no**"
