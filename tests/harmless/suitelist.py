# SPDX-License-Identifier: MIT
"""Test-suites of programs that start others: where each comes from, how it is
made ready in a directory, what is run there and how its results are read.

A suite's parse() turns the output of one command into {name: result}.  The
names have to be the same in every run; the results are compared.
"""
import glob
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as tree


class Suite:
    name = ""
    packages = ()   # (kind, package) as tests/harmless/source takes it
    needs = ()      # programs of the machine's

    def prepare(self, sources, where):
        """Makes the directory `where` from those of the packages."""
        shutil.copytree(sources[0], where, symlinks=True)

    def commands(self, where):
        """[(name, argv, directory, environment to add)]"""
        raise NotImplementedError

    def parse(self, text, where, name):
        raise NotImplementedError


def numbered(pairs):
    """A dict; what has the same name is told apart by its number."""
    results, seen = {}, {}
    for name, result in pairs:
        seen[name] = seen.get(name, 0) + 1
        key = name if seen[name] == 1 else f"{name} ({seen[name]})"
        results[key] = result
    return results


class Bash(Suite):
    """The result is what each script finds different from what it should be:
    there is always something."""
    name = "bash"
    packages = (("source", "bash"),)
    needs = ("gcc", "bash")
    # jobs: waits for a terminal; the two others run all.
    skip = ("run-all", "run-minimal", "run-gprof", "run-jobs")

    def prepare(self, sources, where):
        os.mkdir(where)
        shutil.copytree(os.path.join(sources[0], "tests"),
                        os.path.join(where, "tests"))
        os.mkdir(os.path.join(where, "bin"))
        open(os.path.join(where, "bashansi.h"), "w").close()
        for tool in ("recho", "zecho", "printenv", "xcase"):
            subprocess.run(
                ["gcc", "-w", "-I", where, "-include", "string.h", "-include",
                 "stdlib.h", "-include", "unistd.h", "-o",
                 os.path.join(where, "bin", tool),
                 os.path.join(sources[0], "support", tool + ".c")],
                check=True)

    def commands(self, where):
        env = {"PATH": os.path.join(where, "bin") + ":" + os.environ["PATH"],
               "THIS_SH": "/bin/bash",
               "BASH_TSTOUT": os.path.join(where, "out")}
        tests = os.path.join(where, "tests")
        return [(name, ["sh", "./" + name], tests, env)
                for name in sorted(os.listdir(tests))
                if name.startswith("run-") and name not in self.skip]

    def parse(self, text, where, name):
        # Process ids, times, and the order of two processes.
        text = re.sub(r"\d{3,}", "N", text.replace(where, ""))
        return {name: "\n".join(sorted(text.split("\n")))}


class Ash(Suite):
    name = "busybox"
    packages = (("source", "busybox"), ("binary", "busybox"))
    needs = ("gcc", "sh")

    def prepare(self, sources, where):
        os.mkdir(where)
        test = os.path.join(where, "shell", "ash_test")
        shutil.copytree(os.path.join(sources[0], "shell", "ash_test"), test)
        shutil.copy(os.path.join(sources[1], "bin", "busybox"),
                    os.path.join(test, "ash"))
        shutil.copy(os.path.join(sources[0], "debian", "config", "pkg", "deb"),
                    os.path.join(test, ".config"))

    def commands(self, where):
        test = os.path.join(where, "shell", "ash_test")
        return [(name, ["sh", "./run-all", name], test, {})
                for name in sorted(os.listdir(test))
                if name.startswith("ash-")]

    def parse(self, text, where, name):
        return numbered(re.findall(r"^(\S+): (ok|fail)$", text, re.M))


class Make(Suite):
    name = "make"
    packages = (("source", "make-dfsg"),)
    needs = ("perl", "make", "cc", "ar")

    def prepare(self, sources, where):
        super().prepare(sources, where)
        tests = os.path.join(where, "tests")
        with open(os.path.join(tests, "config-flags.pm.in")) as f:
            flags = f.read()
        flags = flags.replace("@AR@", "ar").replace("@CC@", "cc")
        with open(os.path.join(tests, "config-flags.pm"), "w") as f:
            f.write(re.sub("@[A-Z_]*@", "", flags))

    def commands(self, where):
        tests = os.path.join(where, "tests")
        names = sorted(os.path.relpath(path, os.path.join(tests, "scripts"))
                       for path in glob.glob(os.path.join(
                           tests, "scripts", "[!v]*", "*")))
        return [(name, ["perl", "run_make_tests.pl", name, "-srcdir", "..",
                        "-make", shutil.which("make")], tests, {})
                for name in names]

    def parse(self, text, where, name):
        # Complaints come between a test's name and its result.
        found = re.findall(r"^(\w+/[\w-]+) \.+ (.*?)(?=^\w+/[\w-]+ \.|^\d+ "
                           r"Tests|\Z)", text, re.M | re.S)
        return numbered((test, re.sub(r"\d{3,}", "N", said.strip()))
                        for test, said in found)


class Coreutils(Suite):
    """The tests of the programs that start others, and some that pipe."""
    name = "coreutils"
    packages = (("source", "coreutils"),)
    needs = ("sh", "env")
    tests = ("misc/*.sh", "split/*.sh", "install/*.sh")

    def prepare(self, sources, where):
        os.mkdir(where)
        for part in ("tests", "init.cfg"):
            (shutil.copytree if part == "tests" else shutil.copy)(
                os.path.join(sources[0], part), os.path.join(where, part))
        src = os.path.join(where, "src")
        os.mkdir(src)
        for name in os.listdir(os.path.join(sources[0], "src")):
            program = shutil.which(name[:-2]) if name.endswith(".c") else None
            if program:
                os.symlink(program, os.path.join(src, name[:-2]))
        for name, program in (("[", "["), ("ginstall", "install")):
            os.symlink(shutil.which(program), os.path.join(src, name))

    def commands(self, where):
        env = {"srcdir": where, "abs_srcdir": where, "abs_top_srcdir": where,
               "abs_top_builddir": where, "VERSION": "", "LOCALE_FR": "none",
               "built_programs": " ".join(os.listdir(
                   os.path.join(where, "src")))}
        files = sorted(path for name in self.tests for path in
                       glob.glob(os.path.join(where, "tests", name)))
        # (The tests complain on descriptor 9.)
        return [(os.path.relpath(path, where),
                 ["sh", "-c", 'exec sh "$0" 9>&2', path], where, env)
                for path in files]

    def parse(self, text, where, name):
        return {}


class Zsh(Suite):
    name = "zsh"
    packages = (("source", "zsh"),)
    needs = ("zsh",)
    tests = ("[A-E]*.ztst", "P*.ztst", "V0[6-9]*.ztst", "V14*.ztst",
             "W0[23]*.ztst")

    def prepare(self, sources, where):
        shutil.copytree(os.path.join(sources[0], "Test"), where)

    def commands(self, where):
        env = {"ZTST_verbose": "1", "ZTST_testdir": where,
               "ZTST_srcdir": where, "ZTST_exe": shutil.which("zsh")}
        files = sorted(path for pattern in self.tests
                       for path in glob.glob(os.path.join(where, pattern)))
        return [(os.path.basename(path),
                 [shutil.which("zsh"), "+Z", "-f", "./ztst.zsh",
                  "./" + os.path.basename(path)], where, env)
                for path in files]

    def parse(self, text, where, name):
        found = re.findall(r"^Running test: (.*)\n(.*)$", text, re.M)
        last = re.findall(r"^\S+\.ztst: (all tests successful|test failed|"
                          r"skipped.*)", text, re.M)
        return numbered([(f"{name}: {test}", said) for test, said in found] +
                        [(f"{name}: in all", said) for said in last])


class Tcl(Suite):
    name = "tcl"
    packages = (("source", "tcl8.6"),)
    needs = ("tclsh",)
    tests = ("exec", "ioCmd", "chanio", "io", "unixFCmd", "pid", "event",
             "main", "env")

    def prepare(self, sources, where):
        shutil.copytree(os.path.join(sources[0], "tests"), where)

    def commands(self, where):
        return [(name, ["tclsh", "all.tcl", "-singleproc", "0", "-verbose",
                        "pass body error skip", "-tmpdir", where, "-file",
                        name + ".test"], where, {}) for name in self.tests]

    def parse(self, text, where, name):
        found = re.findall(r"^(?:====|\+\+\+\+) (\S+) .*?(PASSED|FAILED|"
                           r"SKIPPED)", text, re.M)
        return numbered((f"{name}: {test}", said) for test, said in found)


class Perl(Suite):
    name = "perl"
    packages = (("source", "perl"),)
    needs = ("perl",)
    tests = ("op/exec", "op/fork", "op/magic", "op/kill0", "op/die_exit",
             "op/stat", "op/threads", "op/alarm", "op/sselect", "op/getppid",
             "op/chdir", "io/pipe", "io/argv", "io/open", "io/dup", "io/fs",
             "io/inplace", "run/*")

    def prepare(self, sources, where):
        os.mkdir(where)
        shutil.copytree(os.path.join(sources[0], "t"),
                        os.path.join(where, "t"))
        os.symlink(shutil.which("perl"), os.path.join(where, "t", "perl"))
        # The tests look for their own lib and no other: that of this perl.
        inc = subprocess.run(["perl", "-e", 'print join("\n", @INC)'],
                             check=True, stdout=subprocess.PIPE,
                             text=True).stdout.split("\n")
        for folder in inc:
            if folder.startswith("/usr/") and os.path.isdir(folder):
                subprocess.run(["cp", "-rsn", os.path.realpath(folder) + "/.",
                                os.path.join(where, "lib/")], check=False,
                               stderr=subprocess.DEVNULL)

    def commands(self, where):
        t = os.path.join(where, "t")
        files = sorted(path for name in self.tests
                       for path in glob.glob(os.path.join(t, name + ".t")))
        return [(os.path.relpath(path, t),
                 ["./perl", os.path.relpath(path, t)], t, {})
                for path in files]

    def parse(self, text, where, name):
        # Without the descriptions: there are process ids in them.
        found = re.findall(r"^((?:not )?ok) (\d+)", text, re.M)
        return {f"{name} {number}": said for said, number in found}


class Python(Suite):
    name = "python"
    version = subprocess.run(
        ["/usr/bin/python3", "-c", "import sys; "
         "print('%d.%d' % sys.version_info[:2])"], stdout=subprocess.PIPE,
        text=True, check=False).stdout.strip() \
        if os.path.exists("/usr/bin/python3") else ""
    packages = (("binary", f"libpython{version}-testsuite"),)
    needs = ("/usr/bin/python3",)
    # Not test_threading: an idle thread more keeps alive what ends with its
    # last thread.
    tests = ("test_subprocess", "test_os", "test_posix", "test_fork1",
             "test_popen", "test_signal", "test_pty", "test_tempfile",
             "test_shutil", "test_cmd_line", "test_script_helper",
             "test_wait3", "test_wait4")

    def prepare(self, sources, where):
        library = f"usr/lib/python{self.version}/test"
        for top in ("/", sources[0]):
            shutil.copytree(os.path.join(top, library),
                            os.path.join(where, "test"), dirs_exist_ok=True)

    def commands(self, where):
        return [(name, ["/usr/bin/python3", "-m", "test", "--junit-xml",
                        os.path.join(where, name + ".xml"), name], where,
                 {"PYTHONPATH": where, "PYTHONDONTWRITEBYTECODE": "1"})
                for name in self.tests]

    def parse(self, text, where, name):
        path = os.path.join(where, name + ".xml")
        if not os.path.exists(path):
            return {name: text}
        pairs = []
        for case in tree.parse(path).iter("testcase"):
            said = [child.tag for child in case
                    if child.tag in ("failure", "error", "skipped")]
            pairs.append((case.get("name"), said[0] if said else "ok"))
        os.remove(path)
        return numbered(pairs)


SUITES = (Bash(), Ash(), Make(), Coreutils(), Zsh(), Tcl(), Perl(), Python())
