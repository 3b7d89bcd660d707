# SPDX-License-Identifier: MIT
"""What `make check` ends with: scripts/count.py BUILDDIR...

The ten slowest tests, why cases were skipped, what each failed one said, and
how many there were.  A case is a TAP line, or a whole test where it prints no
TAP.  A test that failed without naming a case counts as one.  On a kernel that
has the bug fixed, or half of it, so many controls were turned (tests/kernel.h),
and so many cases had nothing to show (tests/common.bash).  Exit status 1 if any
failed or if there was none at all.
"""
import collections
import json
import re
import sys

CASE = re.compile(r"^(ok|not ok)\b(.*)$", re.MULTILINE)
TURNED = re.compile(r"^# turned: ", re.MULTILINE)
NOTHING = "fixed kernel: "
SKIPPED = re.compile(r"^ok .*?# SKIP\b *(.*)$", re.MULTILINE | re.IGNORECASE)
SLOWEST, LINES = 10, 20


def count(test):
    """(passed, failed, skipped) of one test of the log."""
    passed = failed = skipped = 0
    for result, rest in CASE.findall(test.get("stdout") or ""):
        if result == "not ok":
            failed += 1
        elif "# SKIP" in rest.upper():
            skipped += 1
        else:
            passed += 1
    good = test["result"] in ("OK", "SKIP", "EXPECTEDFAIL")
    if not good and not failed:
        failed = 1
    if good and not passed + skipped:
        passed = test["result"] == "OK"
        skipped = test["result"] == "SKIP"
    return passed, failed, skipped


def said(test):
    """Its failed cases, each with the comments around it (C's come before,
    bats' after); or, if it named none, the last lines of all it said."""
    lines = (test.get("stdout") or "").split("\n")
    told = []
    for i, line in enumerate(lines):
        if not line.startswith("not ok"):
            continue
        begin = end = i
        while begin > 0 and lines[begin - 1].startswith("#"):
            begin -= 1
        while end + 1 < len(lines) and lines[end + 1].startswith("#"):
            end += 1
        told += lines[begin:end + 1][:LINES]
    if not told:
        everything = lines + (test.get("stderr") or "").split("\n")
        told = [line for line in everything if line][-LINES:]
        told.append(f"({test['result']}, status {test.get('returncode')})")
    return told


def why_skipped(test):
    """What each of its skipped cases says."""
    text = test.get("stdout") or ""
    if test["result"] == "SKIP" and not CASE.search(text):
        return ["it says no more"]
    return [why or "it says no more" for why in SKIPPED.findall(text)]


def main(dirs):
    total, tests, turned, nothing = [0, 0, 0], [], 0, 0
    skipped = collections.Counter()
    for directory in dirs:
        with open(directory + "/meson-logs/testlog.json") as log:
            tests += [(directory, json.loads(line)) for line in log]
    slowest = sorted(tests, key=lambda t: -t[1].get("duration", 0))[:SLOWEST]
    print("slowest: " + ", ".join(
        f"{t['name'].split(' / ')[-1]} {t.get('duration', 0):.0f} s ({d})"
        for d, t in slowest))
    for directory, test in tests:
        counted = count(test)
        turned += len(TURNED.findall(test.get("stdout") or ""))
        for why in why_skipped(test):
            if why.startswith(NOTHING):
                nothing += 1
            else:
                skipped[test["name"], why] += 1
        for i, n in enumerate(counted):
            total[i] += n
        if counted[1]:
            print(f"== failed: {test['name']}, in {directory}")
            for line in said(test):
                print("   " + line)
    for (name, why), n in skipped.items():
        print(f"skipped in {name}: {why}" + (f" ({n} times)" if n > 1 else ""))
    if turned + nothing:
        print(f"fixed kernel: {turned} controls turned, {nothing} cases with "
              "nothing to show")
    tail = f", {total[2]} skipped" if total[2] else ""
    print(f"{total[0]} passed, {total[1]} failed{tail}")
    return 1 if total[1] or not total[0] else 0


sys.exit(main(sys.argv[1:]))
