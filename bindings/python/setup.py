# SPDX-License-Identifier: MIT
"""A wheel that carries the library: built from its one C file by $CC, or cc.
The file is bundled/clonexec.c if the package has one, else what
scripts/amalgamate makes of the tree that this is part of.
"""
import os
import shlex
import subprocess
import sysconfig

from setuptools import Distribution, setup
from setuptools.command.build_py import build_py

try:
    from wheel.bdist_wheel import bdist_wheel
except ImportError:
    from setuptools.command.bdist_wheel import bdist_wheel

HERE = os.path.dirname(os.path.abspath(__file__))
NAME = "libclonexec.so.0"


def source(scratch):
    bundled = os.path.join(HERE, "bundled")
    if not os.path.exists(os.path.join(bundled, "clonexec.c")):
        bundled = os.path.join(scratch, "amalgamation")
        subprocess.run([os.path.join(HERE, "../../scripts/amalgamate"),
                        bundled], check=True)
    return os.path.join(bundled, "clonexec.c")


class Build(build_py):
    def run(self):
        super().run()
        scratch = os.path.abspath(self.get_finalized_command("build").build_temp)
        os.makedirs(scratch, exist_ok=True)
        subprocess.run(
            [*shlex.split(os.environ.get("CC", "cc")), "-std=c11", "-O2",
             "-fPIC", "-shared", "-pthread", "-Wl,-soname," + NAME,
             source(scratch), "-o",
             os.path.join(self.build_lib, "clonexec", NAME)], check=True)


class Wheel(bdist_wheel):
    """Of any Python 3, but of one platform."""

    def finalize_options(self):
        super().finalize_options()
        self.root_is_pure = False

    def get_tag(self):
        return "py3", "none", sysconfig.get_platform().replace(
            "-", "_").replace(".", "_")


class Platform(Distribution):
    def has_ext_modules(self):
        return True


setup(cmdclass={"build_py": Build, "bdist_wheel": Wheel}, distclass=Platform)
