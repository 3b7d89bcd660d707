// SPDX-License-Identifier: MIT
//! Thread creation under the shared side of the exec lock.
use crate::sys;
use std::io;
use std::marker::PhantomData;
use std::thread::{Builder, JoinHandle};

/// While it lives, no exec runs, and each waits for its end: for `setuid` and its
/// family, and for what nobody knows the inside of. May nest.
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

/// While it lives, threads made by this one meet no exec: no EAGAIN because of
/// one, and under `Strategy::Lock` no loss of privileges. For threads made by
/// C libraries, thread pools and the like, and for nothing else meanwhile: an exec
/// with a file system context of its own does not wait for it. May nest.
#[must_use = "the guarded creation ends where this is dropped"]
pub struct ThreadCreateGuard {
    /// The depth is counted in this thread.
    not_send: PhantomData<*const ()>,
}

impl ThreadCreateGuard {
    /// Waits for an exec under `Strategy::Lock` that is under way, for a bounded
    /// time.
    pub fn new() -> ThreadCreateGuard {
        // SAFETY: may be called by any thread.
        unsafe { sys::cx_before_thread_create() };
        ThreadCreateGuard {
            not_send: PhantomData,
        }
    }
}

impl Default for ThreadCreateGuard {
    fn default() -> ThreadCreateGuard {
        ThreadCreateGuard::new()
    }
}

impl Drop for ThreadCreateGuard {
    fn drop(&mut self) {
        // SAFETY: new() has been called by this thread.
        unsafe { sys::cx_after_thread_create() };
    }
}

/// `std::thread::spawn` under a [`ThreadCreateGuard`]; an error is one about limits,
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
    let _guard = ThreadCreateGuard::new();
    builder.spawn(f)
}
