# SPDX-License-Identifier: MIT
"""CLONEXEC_LIBRARY=... python3 -m unittest discover -s tests

With FREEZER (tests/clients/freezer.c) and TARGET (src/race/target) as root: the
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
            with self.assertRaises((OSError, ValueError, TypeError,
                                    OverflowError)) as caught:
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
        for descriptor in (987654, -1, -100, -1 << 31):
            self.same("execve", descriptor, ["x"], {})
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
        self.same("execve", 1.5, ["x"], {})
        self.same("execve", None, ["x"], {})
        for env in ({"": "x"}, {"a=b": "c"}, {"a": "b\0"}, {"a": 1}):
            self.same("execve", "/bin/true", ["x"], env)


class Integers(unittest.TestCase):
    """C would take the lower 32 bits."""
    code = """
def attempt(execve, number):
    # In a child: it ends as the program that was executed, or as refused.
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        try:
            execve(number, ['sh', '-c', 'echo executed'], {})
        except OverflowError as why:
            print(why, flush=True)
        os._exit(0)
    os.waitpid(pid, 0)

class Index:
    def __init__(self, number):
        self.number = number
    def __index__(self):
        return self.number

fd = os.open('/bin/sh', os.O_RDONLY)
attempt(clonexec.execve, Index(fd))
attempt(lambda number, argv, env: clonexec._library.cx_fexecve(number,
    clonexec._vector([b'sh', b'-c', b'echo executed']),
    clonexec._vector([])), fd + (1 << 32))
for wrong in (1 << 31, fd + (1 << 32), Index(fd + (1 << 32)), 1 << 100,
              fd - (1 << 32)):
    attempt(os.execve, wrong)
    attempt(clonexec.execve, wrong)
"""

    def test_descriptor(self):
        done = run(self.code)
        # The second is the control: ctypes without a look at the range.
        self.assertEqual(done.stdout, 2 * "executed\n" +
                         8 * "fd is greater than maximum\n" +
                         2 * "fd is less than minimum\n", done.stderr)

    def test_settings(self):
        self.addCleanup(clonexec.set_strategy, clonexec.Strategy.AUTO)
        self.assertEqual(clonexec._library.cx_set_strategy((1 << 32) + 2), 0,
                         "the control")
        self.assertEqual(clonexec.status().asked, clonexec.Strategy.HELPER)
        clonexec.set_strategy(clonexec.Strategy.AUTO)
        for wrong in ((1 << 32) | 2, (1 << 64) + 1, -(1 << 32) + 2):
            with self.assertRaises(OverflowError):
                clonexec.set_strategy(wrong)
        with self.assertRaises(TypeError):
            clonexec.set_strategy(1.0)
        self.assertEqual(clonexec.status().asked, clonexec.Strategy.AUTO)
        for wrong in (-1, 1 << 32, (1 << 32) + 1000):
            with self.assertRaises(OverflowError):
                clonexec.set_timeout(wrong)


class CEnvironment(unittest.TestCase):
    """execv() passes C's environ, as it was when it was called."""

    def says(self, expected, code, env=None):
        done = run(code, env=env)
        self.assertEqual((done.stdout, done.returncode), (expected, 0),
                         done.stderr)

    def test_not_that_of_python(self):
        for module in ("os", "clonexec"):
            with self.subTest(module):
                self.says("put\n", "os.putenv('PUT', 'put')\n"
                          f"{module}.execv('/bin/sh', "
                          "['sh', '-c', 'echo $PUT'])")
                self.says("[none]\n", "ctypes.CDLL(None).clearenv()\n"
                          f"{module}.execv('/bin/sh', "
                          "['sh', '-c', 'echo [${PATH-none}]'.replace"
                          "('PATH', 'PYTHONPATH')])")

    # While another thread is inside a guarded region the library waits, having
    # let go of the GIL; that thread changes the environment meanwhile.
    changed = """
class Spy:
    def __getattr__(self, name):
        def call(*args):
            called.set()
            return getattr(library, name)(*args)
        return call

library, called = clonexec._library, threading.Event()
clonexec.set_strategy(clonexec.Strategy.LOCK)
clonexec.set_timeout(60000)
file, argv = '/bin/sh', ['sh', '-c', 'echo $LATE']
def control():
    library.cx_execv.argtypes = [ctypes.c_char_p,
                                 ctypes.POINTER(ctypes.c_char_p)]
    clonexec._library.cx_execv(file.encode(), clonexec._vector(
        [a.encode() for a in argv]))
with clonexec.guarded():
    clonexec._library = Spy()
    threading.Thread(target=THIS, daemon=True).start()
    assert called.wait(20)
    os.putenv('LATE', 'changed')
    clonexec._library = library
time.sleep(20)
"""

    def test_changed_meanwhile(self):
        for target, expected in (
                ("control", "changed\n"),
                ("lambda: clonexec.execv(file, argv)", "early\n")):
            self.says(expected, self.changed.replace("THIS", target),
                      env={"LATE": "early"})

    # The same variables come and go again and again, in order: those seen
    # at any time are neighbours, unless the array moved under the reader.
    churn = """
def by_bytecode():
    found, i = [], 0
    while True:
        entry = clonexec._environ[i]
        if entry is None:
            return found
        found.append(entry)
        i += 1

def churn():
    while True:
        for i in range(300):
            os.putenv(f'CHURN{i}', 'x')
        for i in range(300):
            os.unsetenv(f'CHURN{i}')

def is_wrong(found):
    seen = sorted(int(e[5:-2]) for e in found if e.startswith(b'CHURN'))
    rest = {e for e in found if not e.startswith(b'CHURN')}
    return rest != others or (seen and seen !=
                              list(range(seen[0], seen[-1] + 1)))

sys.setswitchinterval(1e-6)
others = set(clonexec._c_environment())
threading.Thread(target=churn, daemon=True).start()
read = WAY
print(sum(bool(is_wrong(read())) for _ in range(3000)), flush=True)
os._exit(0)
"""

    def test_is_no_mixture(self):
        for _ in range(20):
            done = run(self.churn.replace("WAY", "by_bytecode"))
            # (Or it crashed, or met what was no variable any more.)
            if done.returncode or int(done.stdout):
                break
        else:
            self.fail("the control has seen nothing but whole ones")
        self.says("0\n", self.churn.replace("WAY", "clonexec._c_environment"))


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
        clonexec.set_timeout(2000)

    def test_exact_without_children(self):
        ask = """
import subprocess
clonexec.set_strategy(clonexec.Strategy.HELPER)
def tell():
    s = clonexec.status()
    print(s.in_force.name, s.exact)
tell()
child = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
tell()
child.communicate()
tell()
"""
        done = run(ask)
        self.assertEqual(done.stdout, "HELPER True\nHELPER False\n"
                         "HELPER True\n", done.stderr)

    def test_strangers(self):
        with tempfile.TemporaryDirectory() as place:
            other = os.path.join(place, "libother.so")
            shutil.copy(clonexec._library._name, other)
            done = run("import ctypes\nprint(clonexec.status().strangers)\n"
                       f"ctypes.CDLL({other!r})\n"
                       "print(clonexec.status().strangers)")
        self.assertEqual(done.stdout, "0\n1\n", done.stderr)

    def test_alone_or_not(self):
        done = run("print(clonexec.status().alone)")
        self.assertEqual(done.stdout, "False\n", done.stderr)

    def test_library_missing(self):
        done = run("", env={"CLONEXEC_LIBRARY": "/nowhere.so"})
        self.assertIn("ImportError: clonexec: /nowhere.so", done.stderr)

    def started(self, code):
        """What it starts, as Python's audit hooks see it."""
        folder = os.environ.get("CLONEXEC_LIB_DIR") or \
            os.path.dirname(clonexec._library._name)
        env = {**os.environ, "PYTHONPATH": TOP, "LD_LIBRARY_PATH": folder}
        env.pop("CLONEXEC_LIBRARY", None)
        done = subprocess.run(
            [sys.executable, "-c", "import ctypes.util, sys\n"
             "sys.addaudithook(lambda event, _: event in ('os.fork', "
             "'os.exec', 'os.posix_spawn', 'os.system', 'subprocess.Popen', "
             "'_posixsubprocess.fork_exec') and print(event))\n" + code],
            timeout=60, env=env, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_import_starts_nothing(self):
        self.assertNotEqual(
            self.started("ctypes.util.find_library('clonexec')"), "",
            "the control")
        self.assertEqual(self.started("import clonexec"), "")


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
            freezer, target = os.environ["FREEZER"], os.environ["TARGET"]
            if os.getuid() != 0:
                raise KeyError("root")
        except KeyError as why:
            self.cannot(f"needs {why}")
        # Where nobody may go.
        self.folder = tempfile.mkdtemp(prefix="cx-python-", dir="/tmp")
        self.addCleanup(shutil.rmtree, self.folder)
        os.chmod(self.folder, 0o755)
        self.freezer = shutil.copy(freezer, self.folder)
        self.target = shutil.copy(target, self.folder)
        os.chmod(self.target, 0o4755)

    def cannot(self, why):
        if os.environ.get("CLONEXEC_MUST_WORK") == "1":
            self.fail(why)
        self.skipTest(why)

    def ids(self, module):
        done = run("ctypes.CDLL(sys.argv[1])\n"
                   f"{module}.execv(sys.argv[2], [sys.argv[2]])",
                   self.freezer, self.target)
        if done.returncode == 77:
            self.cannot("cannot freeze the race here: " + done.stderr)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.split()[:3]

    def test_privileges(self):
        self.assertEqual(self.ids("os"), ["65534", "65534", "65534"])
        self.assertEqual(self.ids("clonexec"), ["65534", "0", "0"])


if __name__ == "__main__":
    unittest.main()
