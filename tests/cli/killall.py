#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Kills a command with all that it has started, at once, as the end of a
container or the kernel short of memory does: its cgroup (v2, Linux 5.14), or
where there is none its session.

Usage: killall.py DIRECTORY COUNT COMMAND [ARGUMENT]...

COUNT files in DIRECTORY are open in it, or lie there, before it is killed.
"""
import errno
import os
import signal
import subprocess
import sys
import time

LIMIT = 60


def cgroup():
    """A new one, or None."""
    with open("/proc/self/mountinfo") as mounts:
        for line in mounts:
            fields = line.split()
            if fields[fields.index("-") + 1] != "cgroup2":
                continue
            path = f"{fields[4]}/clonexec-killall-{os.getpid()}"
            try:
                os.mkdir(path)
            except OSError:
                continue
            if os.path.exists(f"{path}/cgroup.kill"):
                return path
            os.rmdir(path)
    return None


def write(path, text):
    with open(path, "w") as f:
        f.write(text)


def links(pid):
    try:
        return [os.readlink(f"/proc/{pid}/fd/{fd}")
                for fd in os.listdir(f"/proc/{pid}/fd")]
    except OSError:
        return []


def ready(directory, count, pid):
    inside = directory + "/"
    made = sum(link.startswith(inside) for link in links(pid))
    return made + sum(len(f) for _, _, f in os.walk(directory)) >= count


def members(group, session):
    """The processes that are not gone yet, without zombies."""
    alive = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as f:
                fields = f.read().rpartition(")")[2].split()
            state, its = fields[0], int(fields[3])
            with open(f"/proc/{name}/cgroup") as f:
                here = group and os.path.basename(group) in f.read()
        except (OSError, IndexError):
            continue
        if state not in "ZX" and (its == session or here):
            alive.append(int(name))
    return alive


def until(condition, what):
    end = time.monotonic() + LIMIT
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"killall: {what}")
        time.sleep(0.02)


def kill(group, session):
    if group:
        write(f"{group}/cgroup.kill", "1")
    for pid in members(None, session):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def removed(group):
    try:
        os.rmdir(group)
    except OSError as e:
        if e.errno != errno.EBUSY:
            raise
        return False
    return True


def main(directory, count, command):
    group = cgroup()
    p = subprocess.Popen(command, stdout=subprocess.DEVNULL,
                         start_new_session=True,
                         preexec_fn=lambda: group and write(
                             f"{group}/cgroup.procs", str(os.getpid())))
    try:
        until(lambda: p.poll() is not None or
              ready(directory, count, p.pid), "it does not get ready")
        if p.poll() is not None:
            sys.exit(f"killall: it ended too early: {p.returncode}")
    finally:
        kill(group, p.pid)
        p.wait()
        until(lambda: not members(group, p.pid), "something lives on")
        # (For a moment the kernel still counts who is dead.)
        if group:
            until(lambda: removed(group), "the cgroup stays")
    print("killed:", "cgroup" if group else "session")


main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
