// SPDX-License-Identifier: MIT
//! exec made safe for threaded programs on Linux: a binding of libclonexec.
//!
//! ```no_run
//! use clonexec::CommandExt;
//! use std::process::Command;
//!
//! let why = clonexec::execvp("sudo", ["sudo", "id"]); // or, with all of Command:
//! let why = Command::new("sudo").arg("id").exec_guarded();
//! ```
#![warn(missing_docs)]

mod command;
mod exec;
mod signals;
mod sys;
mod thread;

pub use command::CommandExt;
pub use exec::{execv, execve, execvp, execvpe, fexecve};
pub use thread::{spawn, spawn_by, CloneGuard, ThreadCreateGuard};

use std::io;

/// How an exec keeps the privileges; clonexec.h says what each costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// Unshare; where it is refused Helper; else Lock.
    Auto,
    /// A private file system context; where refused, Lock.
    Unshare,
    /// A helper thread with one; where that is not possible, Lock.
    Helper,
    /// Keeps guarded creators out, and no others.
    Lock,
}

/// Why the strategy in force is not the first choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is.
    FirstChoice,
    /// unshare(CLONE_FS) is refused here.
    UnshareRefused,
    /// The helper thread cannot be made, or is not safe here.
    HelperRefused,
}

/// What an exec by this thread would do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// As set by [`set_strategy`].
    pub asked: Strategy,
    /// What an exec would use.
    pub in_force: Strategy,
    /// Why that.
    pub reason: Reason,
    /// The process has one thread: an exec is the plain one.
    pub alone: bool,
    /// A failed exec has left this thread its own cwd, root and umask.
    pub fs_private: bool,
    /// False: a helper thread would do the exec, and this thread's end may be
    /// noticed by its children or by what it traces.
    pub exact: bool,
    /// Copies of the library whose guarded creators that exec cannot keep out.
    pub strangers: u32,
}

fn answer(r: i32) -> io::Result<()> {
    if r == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

/// For the whole process, from the next exec on.
pub fn set_strategy(strategy: Strategy) -> io::Result<()> {
    // SAFETY: it checks its argument.
    answer(unsafe { sys::cx_set_strategy(strategy as i32) })
}

/// How long an exec waits for what it keeps out (what a [`CloneGuard`] holds
/// and, without a file system context of its own, guarded creations), and that
/// for an exec: 2000 by default.
pub fn set_timeout(milliseconds: u32) -> io::Result<()> {
    // SAFETY: it checks its argument.
    answer(unsafe { sys::cx_set_timeout(milliseconds) })
}

fn strategy(number: i32) -> Strategy {
    match number {
        1 => Strategy::Unshare,
        2 => Strategy::Helper,
        3 => Strategy::Lock,
        _ => Strategy::Auto,
    }
}

/// What an exec by this thread would do now; found out by trying.
pub fn status() -> io::Result<Status> {
    let mut s = sys::Status {
        size: std::mem::size_of::<sys::Status>(),
        ..Default::default()
    };
    // SAFETY: the size says how much may be written.
    answer(unsafe { sys::cx_status(&mut s) })?;
    Ok(Status {
        asked: strategy(s.asked),
        in_force: strategy(s.in_force),
        reason: match s.reason {
            1 => Reason::UnshareRefused,
            2 => Reason::HelperRefused,
            _ => Reason::FirstChoice,
        },
        alone: s.alone != 0,
        fs_private: s.fs_private != 0,
        exact: s.exact != 0,
        strangers: u32::try_from(s.strangers).unwrap_or(0),
    })
}
