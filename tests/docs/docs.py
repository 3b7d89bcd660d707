#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the documentation says is there, and what is there is documented.

Usage: tests/docs/docs.py BUILDDIR	TAP on stdout.
"""
import glob
import os
import re
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.path.abspath(sys.argv[1])
COMMAND = os.path.join(BUILD, "src/cli/clonexec")
MUST = os.environ.get("CLONEXEC_MUST_WORK") == "1"
PAGES = sorted(f for f in os.listdir(os.path.join(TOP, "man"))
               if f.endswith(".scd"))


def read(*path):
    with open(os.path.join(TOP, *path)) as f:
        return f.read()


def page(name):
    return read("man", name)


def run(command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=120,
                          **more)


class Skip(Exception):
    pass


# ---- The cases -------------------------------------------------------------

def every_symbol():
    symbols = re.findall(r"\b(cx_\w+);", read("src/lib/libclonexec.map"))
    assert len(symbols) >= 18, symbols
    manual = "".join(page(p) for p in PAGES if p.endswith(".3.scd"))
    header = read("include/clonexec.h")
    for name in symbols:
        assert f"{name}(" in header, f"{name} is not in clonexec.h"
        assert re.search(rf"^\S.*\b{name}\(", manual, re.M), \
            f"{name} has no synopsis"
        assert re.search(rf"# NAME\n\n[^\n]*\b{name}\b", manual), \
            f"{name} is in no NAME"


def every_option():
    commands = {"run": "clonexec-run.1.scd", "probe": "clonexec-probe.1.scd",
                "doctor": "clonexec-doctor.8.scd"}
    if os.path.exists(os.path.join(BUILD, "src/watch/clonexec-watch")):
        commands["watch"] = "clonexec-watch.8.scd"
    if os.path.exists(os.path.join(BUILD, "src/guard/clonexec-guard")):
        commands["guard"] = "clonexec-guard.8.scd"
    for command, name in commands.items():
        said = run([COMMAND, command, "--help"]).stdout
        shown = set(re.findall(r"(?<![\w-])(--?[a-z][a-z-]*)", said))
        shown -= {"--help'"}
        text = page(name)
        manual = set(re.findall(r"\*(--?[a-z][a-z-]*)\*", text))
        assert shown <= manual, (name, "lacks", sorted(shown - manual))
        assert manual <= shown, (name, "invents", sorted(manual - shown))


def every_command():
    said = run([COMMAND, "help"]).stdout
    commands = re.findall(r"^  ([a-z]+) ", said, re.M)
    assert len(commands) >= 4, commands
    for name in commands:
        assert f"*{name}*" in page("clonexec.1.scd"), name


def every_variable():
    text = "".join(page(p) for p in PAGES)
    for folder in ("src/preload", "src/cli", "src/watch", "src/guard"):
        for name in os.listdir(os.path.join(TOP, folder)):
            if not name.endswith(".c"):
                continue
            source = read(folder, name)
            field = r'journal_(?:field|number)\(\s*[^"()]*"(CLONEXEC_\w+)"'
            for variable in re.findall(field, source):
                assert f"`{variable}`" in read("docs/watching.md"), variable
            for variable in re.findall(r'"(CLONEXEC_[A-Z_]+)',
                                       re.sub(field, "", source)):
                assert f"*{variable}*" in text, (folder, name, variable)


def lint():
    if run(["sh", "-c", "command -v scdoc && command -v mandoc"]).returncode:
        raise Skip("needs scdoc and mandoc")
    with tempfile.TemporaryDirectory() as work:
        for name in PAGES:
            made = os.path.join(work, name[:-4])
            with open(made, "w") as out:
                subprocess.run(["scdoc"], input=page(name), stdout=out,
                               text=True, check=True, timeout=20)
            said = run(["mandoc", "-Tlint", "-W", "warning", made]).stdout
            # scdoc begins each page so.
            rest = [l for l in said.split("\n") if l and
                    "paragraph macro: PP" not in l and
                    "STYLE" not in l and "missing date" not in l]
            assert not rest, rest


def c_examples():
    """Each program of a section-3 page builds and does what it is for."""
    count = 0
    with tempfile.TemporaryDirectory() as work:
        for name in PAGES:
            for code in re.findall(r"```\n(#include.*?)```", page(name),
                                   re.S):
                if "main(" not in code:
                    continue
                source = os.path.join(work, "example.c")
                with open(source, "w") as out:
                    out.write(code)
                program = os.path.join(work, "example")
                done = run(["cc", "-Wall", "-Werror", "-I",
                            os.path.join(TOP, "include"), source,
                            os.path.join(BUILD, "src/lib/libclonexec.a"),
                            "-pthread", "-o", program])
                assert done.returncode == 0, (name, done.stdout)
                done = run([program])
                assert done.returncode == 0, (name, done.stdout)
                count += 1
    assert count >= 4, count


def shell_examples():
    """Each command line of a page's EXAMPLES is taken by the command."""
    count = 0
    for name in PAGES:
        if not name.startswith("clonexec"):
            continue
        for block in re.findall(r"# EXAMPLES\n\n```\n(.*?)```", page(name),
                                re.S):
            for line in block.strip().split("\n"):
                words = line.split()
                assert words[0] == "clonexec", line
                if "watch" in words and not os.path.exists(
                        os.path.join(BUILD, "src/watch/clonexec-watch")):
                    continue
                if "perl" in words:  # it has no deploy.pl here
                    words[words.index("deploy.pl")] = "-e1"
                done = run([COMMAND] + words[1:])
                assert done.returncode in (0, 77) or (
                    "watch" in words and "not permitted" in done.stdout), \
                    (line, done.returncode, done.stdout)
                count += 1
    watch = os.path.exists(os.path.join(BUILD, "src/watch/clonexec-watch"))
    assert count >= (6 if watch else 4), count


def anchors(text):
    """Those of the headings, as GitHub makes them."""
    return {re.sub(r"[^\w -]", "", line.lower()).strip().replace(" ", "-")
            for line in re.findall(r"(?m)^#+ (.*)", text)}


def every_link():
    """Each link of a document leads somewhere, and each file that is named is
    there."""
    documents = [os.path.relpath(path, TOP) for where in (
        "*.md", "docs/*.md", "man/*.scd", "*/README.md",
        "bindings/*/README.md", "include/clonexec.h")
        for path in glob.glob(os.path.join(TOP, where))]
    kernels = {"kernel/fork.c", "kernel/sched/core.c"}
    count = 0
    for document in documents:
        text = read(document)
        for link in re.findall(r"\]\(([^)\s:]+)\)", text):
            path, _, anchor = link.partition("#")
            path = os.path.normpath(os.path.join(
                os.path.dirname(document), path)) if path else document
            assert os.path.exists(os.path.join(TOP, path)), (document, link)
            assert not anchor or anchor in anchors(read(path)), \
                (document, link)
            count += 1
        named = r"(?<![\w/.])((?:src|tests|docs|kernel|bench|examples|" \
            r"include|packaging|scripts)/[\w/.-]+\.(?:c|h|py|md|bats|svg))\b"
        for path in re.findall(named, text):
            assert path in kernels or \
                os.path.exists(os.path.join(TOP, path)), (document, path)
            count += 1
    assert count >= 200, count


def every_count():
    """What a document counts is as many as there are in the source."""
    attributes = "".join(read("tests/attributes", name) for name in
                         os.listdir(os.path.join(TOP, "tests/attributes"))
                         if re.fullmatch(r"set-.*\.c", name))
    for document, pattern, source, item in (
            ("docs/testing.md", r"(\d+) one-line mutants",
             read("tests/mutants/mutants.txt"), r"(?m)^[^#\n]"),
            ("docs/promises.md", r"(\d+) ways to fail",
             read("tests/race/failing.c"), r'(?m)^\t\{ "'),
            ("docs/promises.md", r"(\d+) scenarios", attributes,
             r'(?m)^\t\{ "')):
        said = int(re.search(pattern, read(document))[1])
        there = len(re.findall(item, source))
        assert said == there, (document, pattern, said, there)


def one_version():
    version = re.search(r"version: '([\d.]+)'", read("meson.build"))[1]
    for name, pattern in {
            "include/clonexec.h": r'CX_VERSION "(.*)"',
            "src/lib/meson.build": r"\bversion: '(.*?)'",
            "NEWS.md": r"(?m)^## (.*)",
            "bindings/python/pyproject.toml": r'(?m)^version = "(.*)"',
            "bindings/python/clonexec/__init__.py":
                r'(?m)^__version__ = "(.*)"',
            "bindings/node/package.json": r'(?m)^  "version": "(.*)"',
            "packaging/nix/default.nix": r'(?m)^  version = "(.*)"',
            "packaging/rpm/clonexec.spec": r"(?m)^Version: +(.*)",
            "packaging/alpine/APKBUILD": r"(?m)^pkgver=(.*)",
            "packaging/arch/PKGBUILD": r"(?m)^pkgver=(.*)",
            "bindings/rust/Cargo.toml": r'(?m)^version = "(.*)"',
            "bindings/rust/Cargo.lock": r'(?m)^version = "(.*)"'}.items():
        found = re.search(pattern, read(name))
        assert found and found[1] == version, (name, found, version)


CASES = [every_symbol, every_option, every_command, every_variable, lint,
         c_examples, shell_examples, every_link, every_count,
         one_version]


def main():
    failed = 0
    print(f"1..{len(CASES)}")
    for i, case in enumerate(CASES, 1):
        name = case.__name__.replace("_", " ")
        try:
            case()
            print(f"ok {i} - {name}")
        except Skip as why:
            print(f"{'not ok' if MUST else 'ok'} {i} - {name} # SKIP {why}"
                  if not MUST else f"not ok {i} - {name}: {why}")
            failed += MUST
        except (AssertionError, OSError, subprocess.SubprocessError) as why:
            print(f"# {why}")
            print(f"not ok {i} - {name}")
            failed += 1
    return 1 if failed else 0


sys.exit(main())
