-- SPDX-License-Identifier: MIT
local ffi = require("ffi")
freezer = ffi.load(os.getenv("FREEZER"))
ffi.cdef("int execv(const char *, const char *const *);")
local args = ffi.new("const char *[?]", #arg + 1)
for i = 1, #arg do args[i - 1] = arg[i] end
ffi.C.execv(arg[1], args)
