# SPDX-License-Identifier: MIT
"""Samples, side by side: programs that answer one question at a time, and
groups of questions that are asked in turns."""
import os
import subprocess
import time


class Program:
    """A server of bench/serve.h, started when it is first asked."""

    def __init__(self, *command):
        self.command = command
        self.process = None

    def __bool__(self):
        return os.access(self.command[0], os.X_OK)

    def ask(self, question):
        """The numbers of one sample."""
        if not self.process:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                text=True, bufsize=1)
        self.process.stdin.write(question + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.command[0]} ended at: {question}")
        return [float(n) for n in answer.split()]

    def end(self):
        if self.process:
            self.process.stdin.close()
            self.process.wait(30)
            self.process = None


class Group:
    """What is compared: labels, each with whom to ask and what.  The base
    is asked once more as "... again": that is the noise."""

    def __init__(self, name, title, kinds, base=None, rounds=100, seconds=10,
                 metrics=("time",), unit="us", note=""):
        self.name, self.title, self.unit, self.note = name, title, unit, note
        self.metrics = metrics
        self.rounds, self.seconds = rounds, seconds
        self.kinds = {k: v for k, v in kinds.items() if v[0]}
        self.base = base or next(iter(self.kinds))
        self.again = self.base + " again"
        self.kinds[self.again] = self.kinds[self.base]

    def run(self, scale, most):
        """A round asks everybody once, and each round another one begins.
        Bounded in rounds and in time, except for the first three."""
        labels = list(self.kinds)
        samples = {label: [] for label in labels}
        rounds = min(most, max(5, int(self.rounds * scale)))
        until = time.monotonic() + max(0.7, self.seconds * scale)
        for label in labels:  # not counted: the first of all is slow
            self.kinds[label][0].ask(self.kinds[label][1])
        for r in range(rounds):
            if r >= 3 and time.monotonic() > until:
                break
            for i in range(len(labels)):
                label = labels[(r + i) % len(labels)]
                program, question = self.kinds[label]
                samples[label].append(program.ask(question))
        return {"name": self.name, "title": self.title, "unit": self.unit,
                "note": self.note, "base": self.base, "again": self.again,
                "metrics": self.metrics, "samples": samples}


class Tools:
    """Where the programs are."""

    def __init__(self, root, build, quick):
        self.root, self.build, self.quick = root, build, quick
        self.programs = {}

    def path(self, *name):
        return os.path.join(self.build, *name)

    def program(self, *command):
        if command not in self.programs:
            self.programs[command] = Program(*command)
        return self.programs[command]

    def bench(self, name):
        return self.program(self.path("bench", name))

    def end(self):
        for program in self.programs.values():
            program.end()
