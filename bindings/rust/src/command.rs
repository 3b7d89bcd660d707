// SPDX-License-Identifier: MIT
//! std::process::Command.
use crate::{sys, Strategy};
use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};
use std::sync::Arc;

/// Where the exec of one call stands.
const OFF: u8 = 0;
const WANTED: u8 = 1;
const HELD: u8 = 2;

/// What `std::os::unix::process::CommandExt` lacks.
pub trait CommandExt {
    /// `exec()`, with the privileges that the program's file grants, whoever
    /// creates threads meanwhile. Returns only if it failed.
    ///
    /// All that was set on the `Command` is done: descriptors, ids, directory,
    /// environment, `pre_exec` closures. Part of that (`env_clear`, `arg0`, ids)
    /// a `Command` does not tell, so this cannot call `cx_execvpe` itself; it
    /// puts the hooks around the exec of std, under the strategy `Unshare`
    /// whatever [`set_strategy`](crate::set_strategy) has set (that stays): under
    /// the others hooks alone keep out only guarded creators. Therefore:
    ///
    /// - a failed exec leaves this thread a working directory, root and umask
    ///   of its own, whatever the reason of the failure;
    /// - where `unshare` is refused (Docker's default profile) only guarded
    ///   creators are kept out.
    ///
    /// [`execvp`](crate::execvp) and its sisters have neither limit: prefer
    /// them where a `Command` is not needed for more than a name and arguments.
    fn exec_guarded(&mut self) -> io::Error;
}

impl CommandExt for Command {
    fn exec_guarded(&mut self) -> io::Error {
        // The closure stays in the Command, for a later spawn() or exec() too:
        // those are not to find the lock taken.
        let state = Arc::new(AtomicU8::new(WANTED));
        let seen = Arc::clone(&state);
        // SAFETY: it may run in a fork child as well, and does no more than
        // atomic operations and a function that may be called from a handler.
        unsafe {
            self.pre_exec(move || {
                if seen.load(Relaxed) == WANTED {
                    seen.store(HELD, Relaxed);
                    // ETIMEDOUT: the private fs does not need the lock.
                    sys::cx_before_exec_with(Strategy::Unshare as i32);
                }
                Ok(())
            });
        }
        let why = self.exec();
        if state.swap(OFF, Relaxed) == HELD {
            // SAFETY: this thread took it, in the closure.
            unsafe { sys::cx_after_exec() };
        }
        why
    }
}
