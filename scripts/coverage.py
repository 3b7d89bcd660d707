# SPDX-License-Identifier: MIT
"""Says what llvm-cov counted: scripts/coverage.py coverage.json

Exit status 1 below 95 % of the lines or 85 % of the branches of the core.
"""
import json
import os
import re
import sys

WANTED = {"lines": 95, "branches": 85}


def main(path):
    with open(path) as f:
        files = json.load(f)["data"][0]["files"]
    total = {kind: [0, 0] for kind in WANTED}
    print(f"{'the core':16} {'lines':>16} {'branches':>16}")
    for file in sorted(files, key=lambda f: f["filename"]):
        name = file["filename"]
        if not re.search(r"/src/(sys|lock|exec)/", name):
            continue
        cells = []
        for kind in WANTED:
            s = file["summary"][kind]
            total[kind][0] += s["covered"]
            total[kind][1] += s["count"]
            cells.append(f"{s['covered']}/{s['count']}")
        print(f"{os.path.basename(name):16} {cells[0]:>16} {cells[1]:>16}")
    bad = 0
    for kind, wanted in WANTED.items():
        covered, count = total[kind]
        share = 100 * covered / count if count else 0
        print(f"{kind}: {covered} of {count}, {share:.1f} % "
              f"({wanted} % wanted)")
        bad |= share < wanted
    return bad


sys.exit(main(sys.argv[1]))
