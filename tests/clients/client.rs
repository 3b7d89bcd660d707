// SPDX-License-Identifier: MIT
// Threads that create threads, and an exec, all by the standard library.
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

static CREATED: AtomicUsize = AtomicUsize::new(0);

fn create() {
    loop {
        match thread::Builder::new().spawn(|| ()) {
            Ok(t) => {
                CREATED.fetch_add(1, Relaxed);
                t.join().unwrap();
            }
            Err(_) => eprintln!("EAGAIN"),
        }
    }
}

fn main() {
    let args: Vec<_> = std::env::args_os().skip(1).collect();
    for _ in 0..2 {
        thread::spawn(create);
    }
    while CREATED.load(Relaxed) < 10 {
        thread::yield_now();
    }
    let error = Command::new(&args[0]).args(&args[1..]).exec();
    panic!("{}", error);
}
