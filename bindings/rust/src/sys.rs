// SPDX-License-Identifier: MIT
//! clonexec.h, as far as Rust needs it.
use std::os::raw::{c_char, c_int, c_uint, c_void};

pub type Strings = *const *const c_char;

#[repr(C)]
#[derive(Default)]
pub struct Status {
    pub size: usize,
    pub asked: c_int,
    pub in_force: c_int,
    pub reason: c_int,
    pub alone: c_int,
    pub fs_private: c_int,
    pub exact: c_int,
    pub strangers: c_int,
}

extern "C" {
    pub fn cx_execv(path: *const c_char, argv: Strings) -> c_int;
    pub fn cx_execve(path: *const c_char, argv: Strings, envp: Strings) -> c_int;
    pub fn cx_execvp(file: *const c_char, argv: Strings) -> c_int;
    pub fn cx_execvpe(file: *const c_char, argv: Strings, envp: Strings) -> c_int;
    pub fn cx_fexecve(fd: c_int, argv: Strings, envp: Strings) -> c_int;
    pub fn cx_before_thread_create();
    pub fn cx_after_thread_create();
    pub fn cx_before_clone();
    pub fn cx_after_clone();
    pub fn cx_before_exec_with(strategy: c_int) -> c_int;
    pub fn cx_after_exec();
    pub fn cx_set_strategy(strategy: c_int) -> c_int;
    pub fn cx_set_timeout(milliseconds: c_uint) -> c_int;
    pub fn cx_status(status: *mut Status) -> c_int;
}

pub const SIGPIPE: c_int = 13;
pub const SIG_DFL: usize = 0;
pub const SIG_IGN: usize = 1;
/// Which word of a struct sigaction the handler is.
#[cfg(any(target_arch = "mips", target_arch = "mips64"))]
pub const HANDLER: usize = 1;
#[cfg(not(any(target_arch = "mips", target_arch = "mips64")))]
pub const HANDLER: usize = 0;

/// Room for a struct sigaction of any libc.
pub type Room = [u64; 32];

extern "C" {
    pub fn sigaction(signal: c_int, new: *const c_void, old: *mut c_void) -> c_int;
    pub fn signal(signal: c_int, handler: usize) -> usize;
}
