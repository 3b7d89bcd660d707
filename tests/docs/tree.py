# SPDX-License-Identifier: MIT
"""Where the examples are run."""
import os
import subprocess


def place():
    """Where nobody else can write: there the command finds the shim."""
    return os.path.expanduser("~") if os.getuid() else "/var/lib"


class Tree:
    """An installed tree, and a directory to work in that is on PATH."""

    def __init__(self, work, build):
        self.root = os.path.join(work, "root")
        self.bin = os.path.join(work, "bin")
        self.work = os.path.join(work, "work")
        os.mkdir(self.bin)
        os.mkdir(self.work)
        subprocess.run(["meson", "install", "-C", build, "--no-rebuild",
                        "--quiet"], check=True, timeout=60,
                       stdout=subprocess.DEVNULL,
                       env={**os.environ, "DESTDIR": self.root})
        # (clonexec is also the name of bash's completion.)
        where = {name: folder for folder, _, names in os.walk(self.root)
                 for name in names if not folder.endswith("/completions")}
        self.lib = where["libclonexec.a"]
        self.shim = os.path.join(where["libclonexec-preload.so"],
                                 "libclonexec-preload.so")
        self.env = {**os.environ, "TMPDIR": work, "HOME": work,
                    "PATH": f"{where['clonexec']}:{self.bin}:"
                            f"{os.environ['PATH']}",
                    "PKG_CONFIG_PATH": f"{self.lib}/pkgconfig",
                    "PKG_CONFIG_SYSROOT_DIR": self.root,
                    "LD_LIBRARY_PATH": self.lib}
        for name in ("LD_PRELOAD", "MAKEFLAGS", "MAKELEVEL"):
            self.env.pop(name, None)

    def run(self, command, **more):
        if isinstance(command, str):
            command = ["sh", "-c", command]
        return subprocess.run(command, text=True, timeout=120, cwd=self.work,
                              stdout=subprocess.PIPE, env=self.env,
                              stderr=subprocess.STDOUT, **more)

    def well(self, command, *statuses):
        done = self.run(command)
        assert done.returncode in (statuses or (0,)), \
            (command, done.returncode, done.stdout)
        return done.stdout

    def file(self, name, text):
        with open(os.path.join(self.work, name), "w") as f:
            f.write(text)

    def program(self, name, text):
        path = os.path.join(self.bin, name)
        with open(path, "w") as f:
            f.write("#!/bin/sh\n" + text)
        os.chmod(path, 0o755)

    def sudo(self):
        """One that asks nothing."""
        self.program("sudo", 'echo "sudo: $*"\n')
