#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each example of the documentation is run, in a tree of its own into which
this build is installed; or it is listed here with the reason why it is not.

Usage: tests/docs/examples.py BUILDDIR	TAP on stdout.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

from blocks import TOP, blocks, lines, transcript, shape
from tree import Tree, place

BUILD = os.path.abspath(sys.argv[1])
MUST = os.environ.get("CLONEXEC_MUST_WORK") == "1"
WATCH = os.path.exists(os.path.join(BUILD, "src/watch/clonexec-watch"))
SHIM = "/usr/local/lib/libclonexec-preload.so"

# (file, first line): why nobody runs it.
NOT_RUN = {
    ("docs/probing.md", "thread A                        kernel"
     "                    thread B"): "a drawing",
    ("docs/probing.md", "$ make check"): "it runs this",
    ("README.md", "make"): "tests/dist does, in an unpacked tarball",
    ("docs/walkthrough.md", "sudo: effective uid is not 0, is /usr/bin/sudo on "
     "a file system with the 'nosuid' option set or an NFS file system without "
     "root privileges?"): "what sudo says",
    ("docs/walkthrough.md", "15:02:57"): "what was typed, on another machine",
    ("docs/walkthrough.md", "15:05:51"): "the same",
    ("docs/walkthrough.md", "15:05:38"): "the same",
    ("docs/walkthrough.md", "15:07:40"): "the same",
    ("docs/guard.md", "# clonexec guard start"):
        "tests/guard/guest does, on a kernel that takes it",
    ("docs/guard.md", "# clonexec watch"):
        "with a guard; tests/guard/guest-life looks at such",
    ("docs/fleet.md", "# systemctl enable --now clonexec-watch"):
        "packaging/try-machine types it",
    ("docs/fleet.md", "# d=/etc/systemd/system/agent.service.d; mkdir -p "
     "\"$d\" && printf '[Service]\\nEnvironment=LD_PRELOAD=/usr/lib/"
     "x86_64-linux-gnu/libclonexec-preload.so\\n' >\"$d/clonexec.conf\" && "
     "systemctl daemon-reload && systemctl restart agent.service"): "the same",
    ("docs/fleet.md", "# systemctl edit clonexec-watch"):
        "packaging/try-machine does, line by line",
    ("docs/watching.md",
     "journalctl -t clonexec-watch _UID=0 CLONEXEC_EVENT=loss"):
        "with a journal; packaging/try-machine looks at one",
    ("CONTRIBUTING.md", "make"): "the same, and make check",
    ("docs/deploying.md", "COPY libclonexec-preload.so /usr/local/lib/"):
        "of a Dockerfile; packaging/try-machine builds it, with podman",
    ("docs/porting.md", "nm -D --undefined-only "
     "build/src/preload/libclonexec-preload.so"):
        "tests/preload looks at the same",
    ("docs/porting.md", "scripts/deps matrix"): "make matrix does that",
    ("docs/testing.md", "resident: 360 shifts; threads 1, then 1; "
     "descriptors 7, 7; mappings 43, 45; resident"):
        "what make soak has printed",
}


class Skip(Exception):
    """It cannot be tried here; where everything must work, a failure."""


class Absent(Exception):
    """This machine lacks what it is about: never a failure."""


def need(*programs):
    for name in programs:
        if not shutil.which(name):
            raise Skip(f"needs {name}")


def as_root():
    if os.getuid():
        raise Skip("needs root")


# ---- Commands --------------------------------------------------------------

def demo(tree, block):
    """Shorter; what it says first is what the README shows first."""
    (command, printed), = transcript(block)
    recipe = tree.well(["make", "--no-print-directory", "-n", "-C", TOP,
                        f"BUILD={BUILD}", *command.split()[1:]])
    command = recipe.strip().split("\n")[-1]
    assert "--seconds 10" in command, recipe
    said = tree.well(command.replace("--seconds 10", "--seconds 1"), 0, 77)
    # (A busy machine may leave no time for runs.)
    if os.getuid() == 0 and re.search("frozen races and in .* runs", said):
        assert [shape(l) for l in said.split("\n")[:3]] == \
            [shape(l) for l in printed[:3]], said


def run_perl(tree, block):
    tree.file("deploy.pl", 'print "deployed\\n";\n')
    (command, _), = transcript(block)
    assert tree.well(command) == "deployed\n"


def run_options(tree, block):
    need("perl", "sudo", "ruby", "go", "busybox")
    golang = tree.well(["go", "env", "GOROOT"]).strip() + "/bin/go"
    commands = transcript(block)
    assert len(commands) == 4, commands
    for command, printed in commands:
        said = tree.well(command.replace("/usr/bin/go", golang), 0, 1)
        if printed[0].startswith("covered:"):  # why: it may be a script
            assert said.startswith("covered:"), said
        else:
            assert shape(said.split("\n")[0]) == shape(printed[0]), said


def static(tree, block):
    tree.file("server.c", '#include <unistd.h>\nint main(void) '
              '{ return execlp("true", "true", (char *)0); }\n')
    tree.well("cc -c server.c")
    (command, _), = transcript(block)
    tree.well(command)
    tree.well("./server")
    assert " cx_execvp" in tree.well("nm server")


def watch(tree, block):
    """Until true has ended, not until somebody presses ^C."""
    if not WATCH:
        raise Skip("built without clonexec watch")
    as_root()
    (command, _), = transcript(block)
    done = tree.run(command + " --exec -- true")
    if "not permitted" in done.stdout:
        raise Skip("BPF is not permitted here")
    assert done.returncode == 0 and "clonexec: watching" in done.stdout, \
        done.stdout
    assert "0 events dropped" in done.stdout, done.stdout


def timeline(tree, block):
    said = tree.run("clonexec probe --timeline")
    if said.returncode == 77:
        raise Skip("the race cannot be frozen here")
    drawn = [l.split(" ")[0] for l in said.stdout.split("\n")]
    for line in block.split("\n")[:4]:
        assert line.split(" ")[0] in drawn, said.stdout


def untested(tree, block):
    """As a user: root's capabilities, and a place where nobody else may look."""
    as_root()
    need("setpriv")
    said = tree.run("setpriv --reuid 1000 --regid 1000 --clear-groups"
                    " clonexec probe --runs 0").stdout
    for line in lines(block):
        assert line in said, said


def meson_tests(tree, block):
    """All of these are there; they themselves run in make check."""
    need("cargo")
    listed = tree.well(["meson", "test", "-C", BUILD, "--list"])
    for line in lines(block):
        words = line.split()
        if words[0] == "meson":
            assert words[:4] == ["meson", "test", "-C", "build"], line
            name = words[5] if words[4] == "--suite" else words[4]
            assert name == "--list" or name in listed, line
        else:
            assert os.access(os.path.join(BUILD, line[6:]), os.X_OK), line


# ---- Deploying -------------------------------------------------------------

def run_program(tree, block):
    for command in lines(block):
        tree.well(command.replace("PROGRAM", "true"))


def unit(tree, block):
    need("systemd-analyze")
    text = re.sub(r"/usr/local/lib/\S*libclonexec-preload\.so", tree.shim,
                  block.split("\n", 1)[1])
    tree.file("cx-example.service", text + "ExecStart=/bin/true\n")
    said = tree.well(["systemd-analyze", "verify", "./cx-example.service"])
    assert "cx-example" not in said, said


def maps(tree, block):
    """The service: a shell that waits.  systemctl: who says which it is."""
    with subprocess.Popen(
            ["clonexec", "run", "--", "sh", "-c", "echo; read line"],
            env=tree.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as p:
        p.stdout.readline()
        tree.program("systemctl", f"echo {p.pid}\n")
        said = tree.well(block.strip())
        p.stdin.close()
    assert "libclonexec-preload.so" in said, said


def profile(tree, block):
    said = tree.well(block.replace(SHIM, tree.shim) + "env")
    assert f"LD_PRELOAD={tree.shim}" in said, said


def wrong_class(tree, block):
    able = tree.run([os.path.join(TOP, "scripts", "runs-32")])
    if able.returncode == 1:
        raise Absent(able.stdout.strip())
    if able.returncode:
        raise Skip("needs a compiler for 32-bit programs")
    tree.file("narrow.c", "int main(void) { return 0; }\n")
    tree.well("cc -m32 -o narrow narrow.c")
    said = tree.well("clonexec run -q -- sh -c ./narrow")
    before, after = " ".join(block.split()).split("'…'")
    assert before in said and after in said, said


# ---- Fragments -------------------------------------------------------------

def c_program(tree, text):
    tree.file("example.c", text)
    tree.well("cc -Wall -Werror -Wno-unused-value -o example example.c "
              "$(pkg-config --cflags --libs clonexec)")
    return tree.well("./example")


def c_use(tree, block):
    tree.sudo()
    include, rest = block.split("\n", 1)
    said = c_program(tree, include + """
static void *f(void *arg) { return arg; }
int main(void)
{
	char *argv[] = { "sudo", "id", 0 }, *arg = 0;
	pthread_t thread;
""" + rest + "return 1; }\n")
    assert said == "sudo: id\n", said


def c_hooks(tree, block):
    c_program(tree, """#include <clonexec.h>
#define clone(...) 0
#define execve(...) 0
int main(void) {
""" + block + "return 0; }\n")


def c_regain(tree, block):
    c_program(tree, "#include <clonexec.h>\n" + block + "\n\treturn 0;\n}\n")


def python(tree, text):
    tree.file("example.py", text)
    tree.env["PYTHONPATH"] = os.path.join(TOP, "bindings/python")
    tree.env["PYTHONDONTWRITEBYTECODE"] = "1"
    tree.env["CLONEXEC_LIBRARY"] = tree.lib + "/libclonexec.so.0"
    return tree.well([sys.executable, "example.py"])


def python_exec(tree, block):
    tree.sudo()
    assert python(tree, block) == "sudo: id\n"


def python_guard(tree, block):
    said = python(tree, "import clonexec, threading\n"
                  "thread = threading.Thread(target=print)\n" + block)
    # (How a Strategy is printed depends on the version of Python.)
    assert re.fullmatch(r"\s*(Strategy\.\w+|\d)\s*", said), said


def rust(tree, before, block, after):
    need("rustc")
    tree.env["HOME"] = os.environ.get("HOME", "/")  # rustup's
    tree.file("example.rs", before + block + after)
    rustc = ["rustc", "--edition", "2021", "-L", tree.lib, "-l", "clonexec"]
    tree.well(rustc + ["--crate-type", "rlib", "--crate-name", "clonexec",
                       os.path.join(TOP, "bindings/rust/src/lib.rs")])
    tree.well(rustc + ["--extern", "clonexec=libclonexec.rlib", "example.rs"])
    return tree.well("./example")


def rust_exec(tree, block):
    tree.sudo()
    said = rust(tree, "use std::process::Command;\n"
                "#[allow(unused)] fn main() {\n", block, "}\n")
    assert said == "sudo: id\n", said


def rust_guard(tree, block):
    rust(tree, "fn work() {}\nfn main() -> std::io::Result<()> {\n", block,
         "thread.join().unwrap(); Ok(()) }\n")


def go(tree, block):
    """Into the cache of the binding's own test, so with the same flags: what
    pkg-config says is no part of the cache's key."""
    need("go")
    first, rest = block.split("\n", 1)
    tree.sudo()
    cache = os.path.join(BUILD, "tests/bindings/go-")
    del tree.env["PKG_CONFIG_SYSROOT_DIR"]
    tree.env.update(GOCACHE=cache + "cache", GOPATH=cache + "path",
                    GOPROXY="off", GOTOOLCHAIN="local", CGO_ENABLED="1",
                    GOFLAGS="-mod=mod",
                    PKG_CONFIG_PATH=BUILD + "/meson-uninstalled")
    tree.file("example.go", """package main

// static void library_that_creates_threads(void) {}
import "C"
import ("os"; "example.org/clonexec")

func main() {
""" + rest + first.replace("/usr/bin", tree.bin) + "\npanic(err)\n}\n")
    tree.file("go.mod", "module example\ngo 1.19\n"
              "require example.org/clonexec v0.0.0\n"
              f"replace example.org/clonexec => {TOP}/bindings/go\n")
    said = tree.well(["go", "run", "-tags", "clonexec_system", "example.go"])
    assert said == "sudo: id\n", said



def go_get(tree, block):
    need("go")
    tree.well([os.path.join(TOP, "scripts/go-module"), "build/go"])
    tree.env.update(GOPATH=tree.work + "/path", GOFLAGS="-modcacherw",
                    GOTOOLCHAIN="local")
    tree.well("go mod init example && " + block.replace("\n", " && ", 1))
    with open(os.path.join(tree.work, "go.mod"), encoding="utf-8") as f:
        assert "require example.org/clonexec v" in f.read()


def node(tree, block):
    need("node")
    package = os.path.join(tree.work, "node_modules/clonexec")
    shutil.copytree(os.path.join(TOP, "bindings/node"), package)
    tree.well([os.path.join(TOP, "scripts/amalgamate"), package + "/bundled"])
    tree.well(["node", package + "/build.js"])
    tree.file("example.js", block)
    tree.program("deploy", 'echo "deployed: $*"\n')
    assert tree.well("node example.js") == "deployed: now\n"


RUN = {
    ("README.md", "$ make demo"): demo,
    ("docs/probing.md", "$ make demo"): demo,
    ("README.md", "# systemctl edit deploy.service"): unit,
    ("README.md", "#include <clonexec.h>"): c_use,
    ("README.md",
     "cx_before_thread_create(); clone(...);  cx_after_thread_create();"):
        c_hooks,
    ("README.md", "int main(int argc, char *argv[])"): c_regain,
    ("README.md", "$ clonexec run perl deploy.pl"): run_perl,
    ("docs/running.md", "$ clonexec run --debug -- perl -Mthreads -e \\"):
        run_options,
    ("docs/running.md", "$ cc -static -o server server.o "
     "$(pkg-config --static --libs clonexec-wrap)"): static,
    ("README.md", "# clonexec watch"): watch,
    ("docs/probing.md", "clone   1-----2########################5"):
        timeline,
    ("docs/probing.md", "not tested here: setuid, because it needs root"):
        untested,
    ("CONTRIBUTING.md", "meson test -C build --list"): meson_tests,
    ("docs/deploying.md", "clonexec run --check -- PROGRAM"): run_program,
    ("docs/deploying.md", "clonexec run --debug -- PROGRAM"): run_program,
    ("docs/deploying.md", "# systemctl edit NAME.service"): unit,
    ("docs/deploying.md", "grep clonexec "
     "/proc/$(systemctl show -P MainPID NAME.service)/maps"): maps,
    ("docs/deploying.md",
     "if [ -r /usr/local/lib/libclonexec-preload.so ]; then"): profile,
    ("docs/deploying.md", "ERROR: ld.so: object '…' from LD_PRELOAD "
     "cannot be preloaded"): wrong_class,
    ("docs/watching.md", "# clonexec watch"): watch,
    ("bindings/python/README.md", "import clonexec"): python_exec,
    ("bindings/python/README.md", "with clonexec.guarded():"): python_guard,
    ("bindings/rust/README.md",
     'let why = clonexec::execvp("sudo", ["sudo", "id"]);'): rust_exec,
    ("bindings/rust/README.md",
     "let thread = clonexec::spawn(|| work())?;"): rust_guard,
    ("bindings/go/README.md", 'err := clonexec.Exec("/usr/bin/sudo", '
     '[]string{"sudo", "id"}, os.Environ())'): go,
    ("bindings/go/README.md", "export GOPROXY=file://$PWD/build/go/proxy "
     "GONOSUMDB=example.org"): go_get,
    ("bindings/node/README.md", "const clonexec = require('clonexec');"): node,
}


def run_one(key, block):
    with tempfile.TemporaryDirectory(dir=place(), prefix="clonexec-") as work:
        RUN[key](Tree(work, BUILD), block)


def judge(number, name, case):
    try:
        case()
    except (Skip, Absent) as why:
        if not MUST or isinstance(why, Absent):
            print(f"ok {number} - {name} # SKIP {why}")
            return 0
        print(f"# {why}")
    except (AssertionError, OSError, subprocess.SubprocessError) as why:
        print("# " + str(why).replace("\n", "\n# "))
    else:
        print(f"ok {number} - {name}")
        return 0
    print(f"not ok {number} - {name}")
    return 1


def all_known(found):
    known = set(RUN) | set(NOT_RUN)
    assert not set(RUN) & set(NOT_RUN)
    assert set(found) <= known, ("neither run nor listed:",
                                 sorted(set(found) - known))
    assert known <= set(found), ("no longer there:",
                                 sorted(known - set(found)))


def main():
    found = blocks()
    ours = [key for key in found if key in RUN]
    print(f"1..{len(ours) + 1}")
    failed = judge(1, "each block is run, or listed with a reason",
                   lambda: all_known(found))
    for i, key in enumerate(ours, 2):
        failed += judge(i, ": ".join(key).replace("#", "\\#"),
                        lambda key=key: run_one(key, found[key]))
    for (name, line), why in NOT_RUN.items():
        print(f"# not run: {name}: {line}: {why}")
    return 1 if failed else 0


sys.exit(main())
