// SPDX-License-Identifier: MIT
//! What std does with signals before it executes a program.
use crate::sys::{self, Room};
use std::os::raw::c_void;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};

/// How many execs of this process are under way, and whether the first of them
/// has found SIGPIPE ignored. (The action is the whole process's. No lock: a
/// child might inherit it.)
static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);
static WAS_IGNORED: AtomicBool = AtomicBool::new(false);

/// std ignores SIGPIPE in every program, and the new one would ignore it, too. So
/// std's exec gives SIGPIPE its default action first, and so does ours. Dropped:
/// an exec that failed, and it is as it was. (The mask goes on, as by std since
/// Rust 1.66; before that its exec emptied it.)
pub struct ForExec(());

fn here(room: &mut Room) -> *mut c_void {
    room.as_mut_ptr().cast()
}

fn sigpipe_is(handler: usize) -> bool {
    let mut action: Room = [0; 32];
    // SAFETY: there is room, and the handler is one of its first two words.
    unsafe {
        sys::sigaction(sys::SIGPIPE, ptr::null(), here(&mut action)) == 0
            && action.as_ptr().cast::<usize>().add(sys::HANDLER).read() == handler
    }
}

fn exchange(from: usize, to: usize) -> bool {
    // SAFETY: neither is a function.
    sigpipe_is(from) && unsafe { sys::signal(sys::SIGPIPE, to) } == from
}

/// (A handler does not outlive an exec: there is nothing to change.)
fn stop_ignoring() {
    if exchange(sys::SIG_IGN, sys::SIG_DFL) {
        WAS_IGNORED.store(true, SeqCst);
    }
}

impl ForExec {
    pub fn new() -> ForExec {
        UNDER_WAY.fetch_add(1, SeqCst);
        stop_ignoring();
        ForExec(())
    }
}

impl Drop for ForExec {
    fn drop(&mut self) {
        UNDER_WAY.fetch_sub(1, SeqCst);
        while UNDER_WAY.load(SeqCst) == 0 && WAS_IGNORED.swap(false, SeqCst) {
            exchange(sys::SIG_DFL, sys::SIG_IGN);
            // Another one may have begun meanwhile, and ended, too.
            if UNDER_WAY.load(SeqCst) > 0 {
                stop_ignoring();
            }
        }
    }
}
