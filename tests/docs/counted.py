# SPDX-License-Identifier: MIT
"""What `make check` says at its end: scripts/count.py over logs that are made
here.  TAP on stdout.
"""
import json
import os
import subprocess
import sys
import tempfile

COUNT = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                     "..", "..", "scripts", "count.py")


def ends(*tests):
    """(status, lines) for such a log."""
    with tempfile.TemporaryDirectory() as tree:
        os.mkdir(tree + "/meson-logs")
        with open(tree + "/meson-logs/testlog.json", "w") as log:
            for name, result, stdout, stderr in tests:
                log.write(json.dumps({
                    "name": name, "result": result, "stdout": stdout,
                    "stderr": stderr, "duration": 1, "returncode": 1}) + "\n")
        done = subprocess.run([sys.executable, COUNT, tree], text=True,
                              stdout=subprocess.PIPE, check=False)
    return done.returncode, done.stdout.split("\n")[:-1]


GOOD = ("race / good", "OK", "ok 1 - a\nok 2 - b # SKIP none\n", "")


def well():
    status, said = ends(GOOD)
    assert status == 0 and len(said) == 3, said
    assert said[0].startswith("slowest: good 1 s"), said
    assert said[1] == "skipped in race / good: none", said
    assert said[2] == "1 passed, 0 failed, 1 skipped", said


def skipped():
    """Each reason once; on a fixed kernel those with nothing to show apart."""
    status, said = ends(
        ("cli / some", "OK", "ok 1 a # skip no gcc\nok 2 b # skip no gcc\n"
         "ok 3 c # skip fixed kernel: nothing to lose\nok 4 d\n", ""),
        ("cli / all", "SKIP", "", ""))
    assert status == 0 and said[1:] == [
        "skipped in cli / some: no gcc (2 times)",
        "skipped in cli / all: it says no more",
        "fixed kernel: 0 controls turned, 1 cases with nothing to show",
        "1 passed, 0 failed, 4 skipped"], said


def case():
    status, said = ends(GOOD, (
        "race / bad", "ERROR",
        "ok 1 - a\n# bad.c:7: expected 1, got 2\nnot ok 2 - b\n", ""))
    assert status == 1 and said[-1] == "2 passed, 1 failed, 1 skipped", said
    assert "   # bad.c:7: expected 1, got 2" in said, said
    assert "   not ok 2 - b" in said and "   ok 1 - a" not in said, said


def after():
    """bats says why below the line."""
    _, said = ends(("cli / bad", "ERROR", "not ok 1 b\n# why\nok 2 c\n", ""))
    assert said[-3:-1] == ["   not ok 1 b", "   # why"], said


def crash():
    status, said = ends(("race / crashed", "ERROR", "", "it said this\n"))
    assert status == 1 and "   it said this" in said, said
    assert said[-1] == "0 passed, 1 failed", said


CASES = [well, skipped, case, after, crash]
print(f"1..{len(CASES)}")
for number, run in enumerate(CASES, 1):
    try:
        run()
        print(f"ok {number} - {run.__name__}")
    except AssertionError as error:
        print(f"# {error}\nnot ok {number} - {run.__name__}")
