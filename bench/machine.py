# SPDX-License-Identifier: MIT
"""On what it was measured."""
import os
import re
import subprocess
import time


def load():
    with open("/proc/loadavg") as file:
        return float(file.read().split()[0])


def first(path, pattern):
    try:
        with open(path) as file:
            found = re.search(pattern, file.read(), re.MULTILINE)
        return found.group(1) if found else "unknown"
    except OSError:
        return "unknown"


def version(*command):
    try:
        out = subprocess.run(command, text=True, capture_output=True).stdout
        return out.split("\n")[0] or "none"
    except OSError:
        return "none"


def describe(build):
    uname = os.uname()
    return {
        "kernel": f"{uname.sysname} {uname.release}",
        "cpu": first("/proc/cpuinfo", r"^model name\s*: (.*)$"),
        "arch": uname.machine,
        "cpus": os.cpu_count(),
        "system": first("/etc/os-release", r'^PRETTY_NAME="?([^"\n]*)'),
        "libc": os.confstr("CS_GNU_LIBC_VERSION") or "unknown",
        "compiler": version(os.environ.get("CC", "cc"), "--version"),
        "go": version("go", "version"),
        "rust": version("rustc", "--version"),
        "when": time.strftime("%Y-%m-%d", time.gmtime()),
        "load": load(),
    }
