// SPDX-License-Identifier: MIT
//! Thread creation under the shared side of the exec lock.
use crate::sys;
use std::io;
use std::marker::PhantomData;
use std::thread::{Builder, JoinHandle};

/// While it lives, threads made by this one meet no exec: no EAGAIN because of
/// one, and under `Strategy::Lock` no loss of privileges. For threads made by
/// C libraries, thread pools and the like. May nest.
#[must_use = "the guarded region ends where this is dropped"]
pub struct CloneGuard {
    /// The depth is counted in this thread.
    not_send: PhantomData<*const ()>,
}

impl CloneGuard {
    /// Waits for an exec that is under way, for a bounded time.
    pub fn new() -> CloneGuard {
        // SAFETY: may be called by any thread.
        unsafe { sys::cx_before_clone() };
        CloneGuard {
            not_send: PhantomData,
        }
    }
}

impl Default for CloneGuard {
    fn default() -> CloneGuard {
        CloneGuard::new()
    }
}

impl Drop for CloneGuard {
    fn drop(&mut self) {
        // SAFETY: new() has been called by this thread.
        unsafe { sys::cx_after_clone() };
    }
}

/// `std::thread::spawn` under a [`CloneGuard`]; an error is one about limits,
/// never about an exec.
pub fn spawn<F, T>(f: F) -> io::Result<JoinHandle<T>>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    spawn_by(Builder::new(), f)
}

/// The same for a thread with a name or a stack size.
pub fn spawn_by<F, T>(builder: Builder, f: F) -> io::Result<JoinHandle<T>>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let _guard = CloneGuard::new();
    builder.spawn(f)
}
