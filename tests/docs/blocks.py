# SPDX-License-Identifier: MIT
"""The fenced blocks of the documentation, and the commands in them."""
import os
import re

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))


def files():
    """All but docs/performance*.md, which bench/report writes."""
    found = ["README.md", "CONTRIBUTING.md", "RELEASING.md", "SECURITY.md"]
    found += ["docs/" + f for f in os.listdir(os.path.join(TOP, "docs"))
              if f.endswith(".md") and not f.startswith("performance")]
    found += [f"bindings/{f}/README.md"
              for f in os.listdir(os.path.join(TOP, "bindings"))]
    return sorted(f for f in found if os.path.exists(os.path.join(TOP, f)))


def blocks():
    """{(file, first line without its comment): text}"""
    found = {}
    for name in files():
        with open(os.path.join(TOP, name), encoding="utf-8") as f:
            text = f.read()
        for block in re.findall(r"(?ms)^```\w*\n(.*?)^```$", text):
            first = re.sub(r"\s+(#|//|/\*) .*", "", block.split("\n")[0])
            key = name, first.strip()
            assert key not in found, ("twice", key)
            found[key] = block
    return found


def transcript(block):
    """[(command, [line that it prints])], of a block with prompts."""
    commands = []
    for line in block.rstrip("\n").split("\n"):
        if commands and commands[-1][0].endswith("\\"):
            command, printed = commands[-1]
            commands[-1] = command[:-1] + line.strip(), printed
        elif re.match(r"[$#] ", line):
            commands.append((line[2:], []))
        elif line.strip() != "...":
            commands[-1][1].append(line)
    return commands


def lines(block):
    """The commands of a block without prompts, a line each."""
    return [re.sub(r"\s+# .*", "", line)
            for line in block.strip().split("\n")]


def shape(line):
    """What stays the same from run to run and from machine to machine."""
    line = re.sub(r"/[\w./+-]*/", "", line)
    line = re.sub(r"\b(unshare|helper|lock)\b", "STRATEGY", line)
    return re.sub(r"\d+(\.\d+)?", "0", line)
