# SPDX-License-Identifier: MIT
"""What an exec beside creating threads costs, in which way, and what it is
worth: one table of several groups and counts."""
import chart
from parts.exec import BY_HAND

CREATORS = (2, 4, 8)
# What "again" and the shim would add nothing to.
VERDICT_OF = {**{m: m for m in ("plain", "auto", "unshare", "helper", "lock")},
              **BY_HAND}


def text(by_name, counts, table):
    """What an exec beside creating threads costs, and what it is worth."""
    groups = [by_name.get(f"exec-siblings-{n}") for n in CREATORS]
    if None in groups:
        return ""
    verdicts = counts.get("verdicts", {})
    rows = []
    for label in groups[0].labels:
        row = [label]
        for g in groups:
            ratio = g.ratio(label)
            row.append(f"{ratio[0]:.2f}")
            row.append(f"{g.p90(label) / g.p90(g.base):.2f}")
        row.append(f"{groups[-1].mean(label, 'EAGAIN'):.2f}")
        row.append(verdicts.get(VERDICT_OF.get(label), ""))
        rows.append(row)
    head = ["", *(f"{n}: {p}" for n in CREATORS for p in ("p50", "p90")),
            "EAGAIN per exec, 8", "frozen race"]
    g = groups[-1]
    return (
        "## Exec beside creating threads\n\n"
        f"As ratios to plain execve (with 8: p50 "
        f"{chart.number(g.p50('plain') / 1000)} us, p90 "
        f"{chart.number(g.p90('plain') / 1000)} us), beside 2, 4 and 8 threads "
        "that create detached threads all the time; how many creations beside "
        "an exec failed with EAGAIN; and whether a "
        "set-user-ID program keeps its privileges in the frozen race "
        "(`bench/exec-verdict`). posix_spawn and fork start a second process, "
        "and the time is until its main: they are no replacement.\n\n" +
        table(head, rows) + "\n" + slow_text(counts.get("slow", {}), table))


def slow_text(slow, table):
    if not slow:
        return ""
    names = {means: label for label, means in VERDICT_OF.items()}
    return (
        f"A creation beside an exec that stands still for {slow['ms']} ms, as "
        "on a dead server's file (`bench/exec-slow`):\n\n" +
        table(["", "the longest creation, ms", "failed with EAGAIN"],
              [[names[m], f"{us / 1000:.1f}", str(refused)]
               for m, us, refused in slow["rows"]]) + "\n")
