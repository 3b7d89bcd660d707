# SPDX-License-Identifier: MIT
"""exec-caller in Python: MEANS IDLE SIBLINGS MEGABYTES TARGET."""
import mmap
import os
import struct
import sys
import threading
import time

page = mmap.mmap(3, 4096)
for _ in range(int(sys.argv[2])):
    threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
target = sys.argv[5]
page[:8] = struct.pack("q", time.clock_gettime_ns(time.CLOCK_MONOTONIC))
os.execv(target, [target])
