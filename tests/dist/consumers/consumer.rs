// SPDX-License-Identifier: MIT
//! Execs what it is told: by clonexec, or, with one more argument, by std.
use std::os::unix::process::CommandExt;
use std::process::Command;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let why = if args.len() > 2 {
        Command::new(&args[1]).exec()
    } else {
        clonexec::execv(&args[1], [&args[1]])
    };
    panic!("{why}");
}
