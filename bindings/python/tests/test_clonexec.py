# SPDX-License-Identifier: MIT
"""CLONEXEC_LIBRARY=... python3 -m unittest discover -s tests

With FREEZER (tests/clients/freezer.c) and VICTIM (src/victim) as root: the
frozen race as well.
"""
import errno
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

import clonexec

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PRELUDE = """
import os, sys, threading, time, clonexec, ctypes
threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
"""


def run(code, *args, env=None):
    """A program with two threads, which execs."""
    return subprocess.run(
        [sys.executable, "-c", PRELUDE + code, *args], timeout=60,
        env={**os.environ, "PYTHONPATH": TOP, **(env or {})},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class Exec(unittest.TestCase):
    def says(self, expected, code, *args, env=None):
        done = run(code, *args, env=env)
        self.assertEqual((done.stdout, done.returncode), (expected, 0),
                         done.stderr)

    def test_each(self):
        env = "{'A': 'b', b'C': b'd', 'PATH': os.environ['PATH']}"
        show = "'echo $0 $A $C'"
        for call, expected in (
                (f"execv('/bin/sh', ['x', '-c', {show}])", "x e\n"),
                (f"execve('/bin/sh', ('x', '-c', {show}), {env})", "x b d\n"),
                (f"execvp('sh', ['x', '-c', {show}])", "x e\n"),
                (f"execvpe(b'sh', [b'x', '-c', {show}], {env})", "x b d\n"),
                (f"execl('/bin/sh', 'x', '-c', {show})", "x e\n"),
                (f"execle('/bin/sh', 'x', '-c', {show}, {env})", "x b d\n"),
                (f"execlp('sh', 'x', '-c', {show})", "x e\n"),
                (f"execlpe('sh', 'x', '-c', {show}, {env})", "x b d\n"),
                (f"execve(os.open('/bin/sh', 0), ['x', '-c', {show}], {env})",
                 "x b d\n")):
            with self.subTest(call):
                self.says(expected, "clonexec." + call, env={"A": "e"})

    def test_each_strategy(self):
        for strategy in clonexec.Strategy:
            with self.subTest(strategy):
                self.says("fine\n", "clonexec.set_strategy(int(sys.argv[1]))\n"
                          "clonexec.execlp('echo', 'echo', 'fine')",
                          str(int(strategy)))

    def test_path_of_the_environment_given(self):
        with tempfile.TemporaryDirectory() as folder:
            os.symlink("/bin/echo", os.path.join(folder, "cx-only-here"))
            self.says("found\n", "clonexec.execvpe('cx-only-here',"
                      "['echo', 'found'], {'PATH': '/nowhere:' + sys.argv[1]})",
                      folder)

    def test_from_a_thread(self):
        self.says("fine\n", "t = threading.Thread(target=clonexec.execlp, "
                  "args=('echo', 'echo', 'fine'))\nt.start()\nt.join()")


class Failures(unittest.TestCase):
    """The same as os, error for error (but os has not always a filename)."""

    def same(self, name, *args):
        seen = []
        for module in (os, clonexec):
            with self.assertRaises((OSError, ValueError, TypeError)) as caught:
                getattr(module, name)(*args)
            why = caught.exception
            seen.append((type(why), getattr(why, "errno", None)))
        self.assertEqual(*seen, (name, args))
        if isinstance(why, OSError):
            self.assertIsNotNone(why.filename)
        return (*seen[1], getattr(why, "filename", None))

    def test_errno_and_filename(self):
        self.assertEqual(
            self.same("execv", "/nowhere/x", ["x"]),
            (FileNotFoundError, errno.ENOENT, "/nowhere/x"))
        self.same("execv", b"/etc/passwd", ["x"])
        self.same("execve", "/etc", ["x"], {})
        self.same("execvp", "cx-nowhere", ["x"])
        self.same("execvpe", "cx-nowhere", ["x"], {"PATH": "/a:/etc/passwd"})
        self.same("execve", 987654, ["x"], {})
        with tempfile.NamedTemporaryFile() as f:
            os.chmod(f.name, 0o755)
            f.write(b"neither a program nor a script\n")
            f.flush()
            descriptor = os.open(f.name, os.O_RDONLY)
            f.file.close()
            self.same("execv", f.name, ["x"])
            self.same("execve", descriptor, ["x"], {})
            os.close(descriptor)

    def test_arguments(self):
        for args in ([], (), [""], ["a\0b"], "text", {"x": 1}, [1], None):
            self.same("execv", "/bin/true", args)
        self.same("execv", "/bin/tr\0ue", ["x"])
        self.same("execv", 1.5, ["x"])
        for env in ({"": "x"}, {"a=b": "c"}, {"a": "b\0"}, {"a": 1}):
            self.same("execve", "/bin/true", ["x"], env)


class Settings(unittest.TestCase):
    def test_status(self):
        self.addCleanup(clonexec.set_strategy, clonexec.Strategy.AUTO)
        for strategy in clonexec.Strategy:
            clonexec.set_strategy(strategy)
            self.assertEqual(clonexec.status().asked, strategy)
        clonexec.set_strategy(clonexec.Strategy.LOCK)
        self.assertEqual(clonexec.status().in_force, clonexec.Strategy.LOCK)

    def test_refused(self):
        for wrong in (-1, 4, 99):
            with self.assertRaises(OSError) as caught:
                clonexec.set_strategy(wrong)
            self.assertEqual(caught.exception.errno, errno.EINVAL)
        with self.assertRaises(OSError):
            clonexec.set_timeout(3600001)
        for wrong in (-1, 1 << 32):
            with self.assertRaises(OverflowError):
                clonexec.set_timeout(wrong)
        clonexec.set_timeout(2000)

    def test_alone_or_not(self):
        done = run("print(clonexec.status().alone)")
        self.assertEqual(done.stdout, "False\n", done.stderr)

    def test_library_missing(self):
        done = run("", env={"CLONEXEC_LIBRARY": "/nowhere.so"})
        self.assertIn("ImportError: clonexec: /nowhere.so", done.stderr)


class Guarded(unittest.TestCase):
    def setUp(self):
        clonexec.set_timeout(60000)
        self.addCleanup(clonexec.set_timeout, 2000)
        self.order = []
        self.thread = threading.Thread(target=self.fail_to_exec, daemon=True)

    def fail_to_exec(self):
        try:
            clonexec.execv("/nowhere", ["x"])
        except OSError:
            self.order.append("exec")

    def test_keeps_an_exec_waiting(self):
        """Another thread's exec is over only after the guarded region."""
        with clonexec.guarded():
            self.thread.start()
            self.thread.join(0.3)
            self.order.append("guarded")
        self.thread.join(20)
        self.assertEqual(self.order, ["guarded", "exec"])

    def test_left_by_an_exception(self):
        with self.assertRaises(ZeroDivisionError), clonexec.guarded():
            raise ZeroDivisionError
        self.thread.start()
        self.thread.join(20)
        self.assertEqual(self.order, ["exec"])


class Frozen(unittest.TestCase):
    """A thread creation stands still in the kernel while Python execs."""

    def setUp(self):
        try:
            freezer, victim = os.environ["FREEZER"], os.environ["VICTIM"]
            if os.getuid() != 0:
                raise KeyError("root")
        except KeyError as why:
            self.cannot(f"needs {why}")
        # Where nobody may go.
        self.folder = tempfile.mkdtemp(prefix="cx-python-", dir="/tmp")
        self.addCleanup(shutil.rmtree, self.folder)
        os.chmod(self.folder, 0o755)
        self.freezer = shutil.copy(freezer, self.folder)
        self.victim = shutil.copy(victim, self.folder)
        os.chmod(self.victim, 0o4755)

    def cannot(self, why):
        if os.environ.get("CLONEXEC_MUST_WORK") == "1":
            self.fail(why)
        self.skipTest(why)

    def ids(self, module):
        done = run("ctypes.CDLL(sys.argv[1])\n"
                   f"{module}.execv(sys.argv[2], [sys.argv[2]])",
                   self.freezer, self.victim)
        if done.returncode == 77:
            self.cannot("cannot freeze the race here: " + done.stderr)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.split()[:3]

    def test_privileges(self):
        self.assertEqual(self.ids("os"), ["65534", "65534", "65534"])
        self.assertEqual(self.ids("clonexec"), ["65534", "0", "0"])


if __name__ == "__main__":
    unittest.main()
