# SPDX-License-Identifier: MIT
import ctypes, os, sys
ctypes.CDLL(os.environ["FREEZER"])
os.execv(sys.argv[1], sys.argv[1:])
