// SPDX-License-Identifier: MIT
//! clonexec.h, as far as Rust needs it.
use std::os::raw::{c_char, c_int, c_uint};

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
}

extern "C" {
    pub fn cx_execv(path: *const c_char, argv: Strings) -> c_int;
    pub fn cx_execve(path: *const c_char, argv: Strings, envp: Strings) -> c_int;
    pub fn cx_execvp(file: *const c_char, argv: Strings) -> c_int;
    pub fn cx_execvpe(file: *const c_char, argv: Strings, envp: Strings) -> c_int;
    pub fn cx_fexecve(fd: c_int, argv: Strings, envp: Strings) -> c_int;
    pub fn cx_before_clone();
    pub fn cx_after_clone();
    pub fn cx_before_exec_with(strategy: c_int) -> c_int;
    pub fn cx_after_exec();
    pub fn cx_set_strategy(strategy: c_int) -> c_int;
    pub fn cx_set_timeout(milliseconds: c_uint) -> c_int;
    pub fn cx_status(status: *mut Status) -> c_int;
}
