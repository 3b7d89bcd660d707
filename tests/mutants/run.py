# SPDX-License-Identifier: MIT
"""Do the tests notice?  Applies one mutant after the other to a copy of the
tree and runs the fast tests until one fails.  Before that they must all pass
without one, with the same short time limits: most mutants end in a wait.

Usage: tests/mutants/run.py [NUMBER...]      (from anywhere; takes minutes)
       tests/mutants/run.py --check          (only that each can be applied)

Exit status 1 if a mutant survived that should not, or cannot be applied.
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
# Each has limits of its own, this one is for hangs.
TESTS = ["search", "regions", "execlock", "execlock-bounds", "execlock-forks",
         "execlock-handlers", "interleave", "family", "failures",
         "containers", "plain", "eagain", "helper", "hazards", "crowds",
         "attributes", "faults", "doomed", "foreseen", "trial", "helper-signals"]
LIMIT = 150


def mutants():
    with open(os.path.join(HERE, "mutants.txt")) as lines:
        for line in lines:
            if line.startswith("#") or not line.strip():
                continue
            parts = re.split(r" \| ", line.rstrip("\n"))
            if len(parts) != 5 or parts[4] not in TESTS:
                sys.exit(f"run.py: not five parts: {line}")
            yield [p.replace("\\|", "|").replace("\\n", "\n") for p in parts]


def source(root, file):
    return glob.glob(os.path.join(root, "src/*", file))[0]


def check():
    """`make check` does this: a list that is out of date tests nothing."""
    gone = 0
    for number, (name, file, old, _, _) in enumerate(mutants(), 1):
        with open(source(ROOT, file)) as f:
            if old not in f.read():
                print(f"{number:3} {name}: its line is gone from {file}")
                gone += 1
    return 1 if gone else 0


def run(args, cwd, limit):
    """The exit status (None if it took too long), and what it said."""
    with tempfile.TemporaryFile("w+") as log:
        p = subprocess.Popen(args, cwd=cwd, stdout=log, stderr=log,
                             env={**os.environ, "TAP_BAIL": "1",
                                  "TAP_PATIENCE": "0.25"})
        try:
            status = p.wait(limit)
        except subprocess.TimeoutExpired:
            p.terminate()
            p.wait()
            status = None
        log.seek(0)
        return status, log.read()


def verdict(tree, first=TESTS[0]):
    build = os.path.join(tree, "build")
    for name in [first] + [t for t in TESTS if t != first]:
        # (It builds what this test needs.)
        status, said = run(["meson", "test", "-C", build, "-t", "0.2", name],
                           tree, LIMIT)
        if status is None:
            return f"killed by {name} (hung)"
        if status != 0:
            # Not a build that failed: the test has a result.
            ran = re.search(r"^1/1 .* (FAIL|ERROR|TIMEOUT) ", said, re.M)
            return f"killed by {name}" if ran else f"{name} DID NOT RUN"
    return "SURVIVED"


def main(wanted):
    bad = killed = 0
    tree = tempfile.mkdtemp(prefix="clonexec-mutants-")
    try:
        os.chmod(tree, 0o755)  # the tests become other users
        subprocess.check_call(["git", "clone", "-q", ROOT, tree])
        subprocess.check_call(["meson", "setup", "-Dtests=true", "build"], cwd=tree,
                              stdout=subprocess.DEVNULL)
        result = verdict(tree)
        if result != "SURVIVED":
            sys.exit(f"no mutant at all: {result}")
        for number, (name, file, old, new, by) in enumerate(mutants(), 1):
            if wanted and number not in wanted:
                continue
            path = source(tree, file)
            with open(path) as f:
                text = f.read()
            if old not in text:
                print(f"{number:3} {name}: its line is gone from {file}")
                bad += 1
                continue
            with open(path, "w") as f:
                f.write(text.replace(old, new, 1))
            result = verdict(tree, by)
            with open(path, "w") as f:
                f.write(text)
            good = result.startswith("killed") != name.startswith("equivalent")
            killed += result.startswith("killed")
            bad += not good
            print(f"{number:3} {name}: {result}", flush=True)
    finally:
        shutil.rmtree(tree)
    print(f"{killed} killed, {bad} not as expected")
    return 1 if bad else 0


if sys.argv[1:] == ["--check"]:
    sys.exit(check())
sys.exit(main([int(a) for a in sys.argv[1:]]))
