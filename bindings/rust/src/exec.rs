// SPDX-License-Identifier: MIT
//! The exec family.
use crate::signals::ForExec;
use crate::sys;
use std::ffi::{CString, OsStr, OsString};
use std::io;
use std::os::raw::c_char;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::io::AsFd;
use std::os::unix::io::AsRawFd;
use std::ptr;

/// An argv or envp: the strings, and the pointers to them with a NULL behind.
struct Vector {
    _strings: Vec<CString>,
    pointers: Vec<*const c_char>,
}

impl Vector {
    fn new(strings: Vec<CString>) -> Vector {
        let pointers = strings
            .iter()
            .map(|s| s.as_ptr())
            .chain([ptr::null()])
            .collect();
        Vector {
            _strings: strings,
            pointers,
        }
    }

    fn arguments<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> io::Result<Vector> {
        let strings: io::Result<_> = args.into_iter().map(|a| text(a.as_ref())).collect();
        Ok(Vector::new(strings?))
    }

    fn environment<K, V>(env: impl IntoIterator<Item = (K, V)>) -> io::Result<Vector>
    where
        K: AsRef<OsStr>,
        V: AsRef<OsStr>,
    {
        let strings: io::Result<_> = env
            .into_iter()
            .map(|(name, value)| {
                let mut both = OsString::from(name.as_ref()).into_vec();
                both.push(b'=');
                both.extend_from_slice(value.as_ref().as_bytes());
                Ok(CString::new(both)?)
            })
            .collect();
        Ok(Vector::new(strings?))
    }

    fn get(&self) -> sys::Strings {
        self.pointers.as_ptr()
    }
}

/// A NUL inside is the caller's mistake: InvalidInput.
fn text(s: &OsStr) -> io::Result<CString> {
    Ok(CString::new(s.as_bytes())?)
}

/// What a call that came back has to say.
fn error(r: io::Result<io::Error>) -> io::Error {
    r.unwrap_or_else(|why| why)
}

/// The call, with signals as std has them for it.
fn attempt(exec: impl FnOnce() -> i32) -> io::Error {
    let _signals = ForExec::new();
    exec();
    io::Error::last_os_error()
}

/// execv(3), with the environment of the process. Returns only if it failed.
///
/// `args` begins with the name of the program.
///
/// As by `std::os::unix::process::CommandExt::exec`, SIGPIPE, which Rust's
/// programs ignore, has its default action in the new program. If the exec
/// fails, it is ignored again; until then a thread that writes into a pipe which
/// nobody reads ends the process. The mask of signals goes on. So it is for each
/// of these functions.
pub fn execv<S: AsRef<OsStr>>(
    path: impl AsRef<OsStr>,
    args: impl IntoIterator<Item = S>,
) -> io::Error {
    error((|| {
        let (path, argv) = (text(path.as_ref())?, Vector::arguments(args)?);
        // SAFETY: strings and vectors end in NUL and live until it returns.
        Ok(attempt(|| unsafe {
            sys::cx_execv(path.as_ptr(), argv.get())
        }))
    })())
}

/// execve(2). Returns only if it failed.
pub fn execve<S, K, V>(
    path: impl AsRef<OsStr>,
    args: impl IntoIterator<Item = S>,
    env: impl IntoIterator<Item = (K, V)>,
) -> io::Error
where
    S: AsRef<OsStr>,
    K: AsRef<OsStr>,
    V: AsRef<OsStr>,
{
    error((|| {
        let (path, argv) = (text(path.as_ref())?, Vector::arguments(args)?);
        let envp = Vector::environment(env)?;
        // SAFETY: as in execv.
        Ok(attempt(|| unsafe {
            sys::cx_execve(path.as_ptr(), argv.get(), envp.get())
        }))
    })())
}

/// execvp(3): searches PATH. Returns only if it failed.
pub fn execvp<S: AsRef<OsStr>>(
    file: impl AsRef<OsStr>,
    args: impl IntoIterator<Item = S>,
) -> io::Error {
    error((|| {
        let (file, argv) = (text(file.as_ref())?, Vector::arguments(args)?);
        // SAFETY: as in execv.
        Ok(attempt(|| unsafe {
            sys::cx_execvp(file.as_ptr(), argv.get())
        }))
    })())
}

/// execvpe(3): searches the PATH of this process, not of `env`. Returns only
/// if it failed.
pub fn execvpe<S, K, V>(
    file: impl AsRef<OsStr>,
    args: impl IntoIterator<Item = S>,
    env: impl IntoIterator<Item = (K, V)>,
) -> io::Error
where
    S: AsRef<OsStr>,
    K: AsRef<OsStr>,
    V: AsRef<OsStr>,
{
    error((|| {
        let (file, argv) = (text(file.as_ref())?, Vector::arguments(args)?);
        let envp = Vector::environment(env)?;
        // SAFETY: as in execv.
        Ok(attempt(|| unsafe {
            sys::cx_execvpe(file.as_ptr(), argv.get(), envp.get())
        }))
    })())
}

/// fexecve(3): an open file. Returns only if it failed.
pub fn fexecve<S, K, V>(
    file: impl AsFd,
    args: impl IntoIterator<Item = S>,
    env: impl IntoIterator<Item = (K, V)>,
) -> io::Error
where
    S: AsRef<OsStr>,
    K: AsRef<OsStr>,
    V: AsRef<OsStr>,
{
    error((|| {
        let (argv, envp) = (Vector::arguments(args)?, Vector::environment(env)?);
        let fd = file.as_fd().as_raw_fd();
        // SAFETY: as in execv; the descriptor is borrowed until it returns.
        Ok(attempt(|| unsafe {
            sys::cx_fexecve(fd, argv.get(), envp.get())
        }))
    })())
}
