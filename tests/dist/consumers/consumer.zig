// SPDX-License-Identifier: MIT
// Execs what it is told: by clonexec, or, with one more argument, by libc.
const std = @import("std");
const c = @cImport({
    @cInclude("clonexec.h");
    @cInclude("unistd.h");
});

pub fn main() u8 {
    const path = std.os.argv[1];
    var argv = [_][*c]u8{ path, null };
    var envp = [_][*c]u8{null};
    if (std.os.argv.len > 2) {
        _ = c.execve(path, &argv, &envp);
    } else {
        _ = c.cx_execve(path, &argv, &envp);
    }
    return 1;
}
