# SPDX-License-Identifier: MIT
"""What a program sends to systemd's journal, as JSON: journald.py SOCKET

Takes entries in the native protocol (https://systemd.io/JOURNAL_NATIVE_PROTOCOL)
at SOCKET and prints one object a line, until an entry's event is "summary" or
nothing comes for a minute.
"""
import json
import os
import socket
import sys


def fields(entry):
    found = {}
    while entry:
        line, _, rest = entry.partition(b"\n")
        name, equals, value = line.partition(b"=")
        if not equals:  # a value with newlines: its length, and it
            size = int.from_bytes(rest[:8], "little")
            value, rest = rest[8:8 + size], rest[8 + size + 1:]
        found[name.decode()] = value.decode(errors="replace")
        entry = rest
    return found


def main():
    server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    server.bind(sys.argv[1] + ".new")
    os.rename(sys.argv[1] + ".new", sys.argv[1])
    server.settimeout(60)
    event = None
    while event != "summary":
        entry = fields(server.recv(1 << 20))
        print(json.dumps(entry), flush=True)
        event = entry.get("CLONEXEC_EVENT")


main()
