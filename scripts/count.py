# SPDX-License-Identifier: MIT
"""Counts the cases of meson test runs: scripts/count.py BUILDDIR...

A case is a TAP line, or a whole test where it prints no TAP.  A test that
failed without naming a case counts as one.  Exit status 1 if any failed or
if there was none at all.
"""
import json
import re
import sys

CASE = re.compile(r"^(ok|not ok)\b(.*)$", re.MULTILINE)


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


def main(dirs):
    total = [0, 0, 0]
    for directory in dirs:
        with open(directory + "/meson-logs/testlog.json") as log:
            for line in log:
                for i, n in enumerate(count(json.loads(line))):
                    total[i] += n
    tail = f", {total[2]} skipped" if total[2] else ""
    print(f"{total[0]} passed, {total[1]} failed{tail}")
    return 1 if total[1] or not total[0] else 0


sys.exit(main(sys.argv[1:]))
