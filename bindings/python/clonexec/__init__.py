# SPDX-License-Identifier: MIT
"""exec made safe for threaded programs on Linux.

The functions execv, execve, execvp ... take the arguments of their namesakes
in os and raise what those raise (OSError with errno and filename); the new
program gets the privileges that its file grants, whoever creates threads in
this process.  The library is $CLONEXEC_LIBRARY, or the libclonexec.so.0 that
the package carries (a wheel does), or the one that the loader finds.
"""
import contextlib
import ctypes
import enum
import errno
import operator
import os
import sys
from typing import (Any, Iterable, Iterator, List, Mapping, NamedTuple,
                    NoReturn, Optional, Sequence, Union, cast)

__all__ = ["Reason", "Status", "Strategy", "execl", "execle", "execlp",
           "execlpe", "execv", "execve", "execvp", "execvpe", "guarded",
           "set_strategy", "set_timeout", "status"]

__version__ = "0.2.0"

StrOrBytes = Union[str, bytes]
StrOrBytesPath = Union[str, bytes, "os.PathLike[str]", "os.PathLike[bytes]"]
Environment = Union[Mapping[str, str], Mapping[bytes, bytes],
                    Mapping[str, bytes], Mapping[bytes, str]]


def _find_library() -> str:
    # By the loader's own search.  (ctypes.util.find_library starts ldconfig or
    # a compiler, to find what the loader finds.)
    name = "libclonexec.so.0"
    own = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    return (os.environ.get("CLONEXEC_LIBRARY") or
            (own if os.path.exists(own) else name))


class _Status(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("asked", ctypes.c_int),
                ("in_force", ctypes.c_int), ("reason", ctypes.c_int),
                ("alone", ctypes.c_int), ("fs_private", ctypes.c_int),
                ("exact", ctypes.c_int), ("strangers", ctypes.c_int)]


def _load() -> ctypes.CDLL:
    name = _find_library()
    try:
        # A CDLL, not a PyDLL: it lets go of the GIL, since a call may wait
        # for another thread, which may want it.
        library = ctypes.CDLL(name, use_errno=True)
        strings = ctypes.POINTER(ctypes.c_char_p)
        library.cx_execve.argtypes = [ctypes.c_char_p, strings, strings]
        library.cx_fexecve.argtypes = [ctypes.c_int, strings, strings]
        library.cx_set_strategy.argtypes = [ctypes.c_int]
        library.cx_set_timeout.argtypes = [ctypes.c_uint]
        library.cx_status.argtypes = [ctypes.POINTER(_Status)]
        for function in (library.cx_before_clone, library.cx_after_clone):
            function.argtypes = []
            function.restype = None
        return library
    except (OSError, AttributeError) as why:
        raise ImportError(f"clonexec: {why} (CLONEXEC_LIBRARY names the "
                          "library)", name="clonexec") from why


_library = _load()


def _failure(*filename: Any) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number), *filename)


def _int(what: str, value: int, low: int, high: int) -> int:
    # ctypes would take the lower 32 bits of anything.
    number = operator.index(value)
    if number > high:
        raise OverflowError(f"{what} is greater than maximum")
    if number < low:
        raise OverflowError(f"{what} is less than minimum")
    return number


_INT_MIN, _INT_MAX, _UINT_MAX = -1 << 31, (1 << 31) - 1, (1 << 32) - 1


# ---- Exec -------------------------------------------------------------------

def _bytes(what: str, value: StrOrBytesPath) -> bytes:
    data = os.fsencode(value)
    if b"\0" in data:
        raise ValueError(f"{what}: embedded null byte")
    return data


def _vector(strings: Sequence[bytes]) -> "ctypes.Array[ctypes.c_char_p]":
    return (ctypes.c_char_p * (len(strings) + 1))(*strings, None)


def _arguments(args: Sequence[StrOrBytesPath]) -> List[bytes]:
    if not isinstance(args, (list, tuple)):
        raise TypeError("args must be a tuple or list")
    if not args:
        raise ValueError("args must not be empty")
    data = [_bytes("args", a) for a in args]
    if not data[0]:
        raise ValueError("args first element cannot be empty")
    return data


def _environment(env: Environment) -> List[bytes]:
    data = []
    for key, value in env.items():
        name = _bytes("env", key)
        if not name or b"=" in name[1:]:
            raise ValueError("illegal environment variable name")
        data.append(name + b"=" + _bytes("env", value))
    return data


# Of the whole process: a program may have a copy of libc's variable.
_environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")


def _c_environment() -> List[bytes]:
    """C's environ as os.execv() takes it: os.putenv() does not change
    os.environ."""
    # os.execv() keeps the GIL, so no os.putenv() moves the array meanwhile; here
    # the call lets go of it, and needs a copy.  That is made by one expression
    # without any bytecode in it, for between bytecodes another thread may run.
    # (C code that calls setenv() without the GIL harms both.)
    try:
        return list(iter(iter(cast(Iterable[bytes], _environ)).__next__, None))
    except ValueError:  # environ is NULL
        return []


def execv(path: StrOrBytesPath, args: Sequence[StrOrBytesPath]) -> NoReturn:
    """os.execv()."""
    sys.audit("os.exec", path, args, None)
    file, argv = _bytes("path", path), _vector(_arguments(args))
    _library.cx_execve(file, argv, _vector(_c_environment()))
    raise _failure(path)


def execve(path: Union[int, StrOrBytesPath], args: Sequence[StrOrBytesPath],
           env: Environment) -> NoReturn:
    """os.execve(): path may be an open descriptor."""
    sys.audit("os.exec", path, args, env)
    file, descriptor = None, -1
    if hasattr(type(path), "__index__"):
        descriptor = _int("fd", cast(int, path), _INT_MIN, _INT_MAX)
    else:
        file = _bytes("path", cast(StrOrBytesPath, path))
    argv, envp = _vector(_arguments(args)), _vector(_environment(env))
    if descriptor >= 0:
        _library.cx_fexecve(descriptor, argv, envp)
    else:  # os, too, takes a negative descriptor for no path at all: EFAULT
        _library.cx_execve(file, argv, envp)
    raise _failure(path)


def execvpe(file: StrOrBytesPath, args: Sequence[StrOrBytesPath],
            env: Environment) -> NoReturn:
    """os.execvpe(): searches the PATH of env, and runs no script without a
    first line by /bin/sh."""
    _search(file, args, env)


def execvp(file: StrOrBytesPath, args: Sequence[StrOrBytesPath]) -> NoReturn:
    """os.execvp()."""
    _search(file, args, None)


def _search(file: StrOrBytesPath, args: Sequence[StrOrBytesPath],
            env: Optional[Environment]) -> NoReturn:
    name = os.fsencode(file)

    def attempt(path: StrOrBytesPath) -> NoReturn:
        if env is None:
            execv(path, args)
        execve(path, args, env)

    if os.path.dirname(name):
        attempt(file)
    first: Optional[OSError] = None
    last: Optional[OSError] = None
    for folder in os.get_exec_path(cast(Optional[Mapping[str, str]], env)):
        try:
            attempt(os.path.join(os.fsencode(folder), name))
        except (FileNotFoundError, NotADirectoryError) as why:
            last = why
        except OSError as why:
            last = why
            first = first or why
    raise first or last or FileNotFoundError(
        errno.ENOENT, os.strerror(errno.ENOENT), file)


def execl(path: StrOrBytesPath, *args: StrOrBytesPath) -> NoReturn:
    """os.execl()."""
    execv(path, args)


def execle(path: Union[int, StrOrBytesPath], *args: Any) -> NoReturn:
    """os.execle(): the last argument is the environment."""
    execve(path, args[:-1], args[-1])


def execlp(file: StrOrBytesPath, *args: StrOrBytesPath) -> NoReturn:
    """os.execlp()."""
    execvp(file, args)


def execlpe(file: StrOrBytesPath, *args: Any) -> NoReturn:
    """os.execlpe(): the last argument is the environment."""
    execvpe(file, args[:-1], args[-1])


# ---- Thread creation --------------------------------------------------------

@contextlib.contextmanager
def guarded() -> Iterator[None]:
    """with guarded(): thread.start()

    Threads made meanwhile by this one meet no exec: no "can't start new
    thread" because of one, and under Strategy.LOCK no loss of privileges.
    An exec waits for the end of the block, as long as set_timeout() says.
    """
    _library.cx_before_clone()
    try:
        yield
    finally:
        _library.cx_after_clone()


# ---- Settings and state -----------------------------------------------------

class Strategy(enum.IntEnum):
    """How an exec keeps the privileges: clonexec.h says what each costs."""
    AUTO = 0
    UNSHARE = 1
    HELPER = 2
    LOCK = 3


class Reason(enum.IntEnum):
    """Why the strategy in force is not the first choice."""
    FIRST_CHOICE = 0
    UNSHARE_REFUSED = 1
    HELPER_REFUSED = 2


class Status(NamedTuple):
    """What an exec by this thread would do now.

    exact is false if its end may be noticed: by children of this thread, or by
    what it traces, where a helper thread does the exec.  strangers are copies
    of the library whose guarded creators that exec cannot keep out.
    """
    asked: Strategy
    in_force: Strategy
    reason: Reason
    alone: bool
    fs_private: bool
    exact: bool
    strangers: int


def set_strategy(strategy: Strategy) -> None:
    """For the whole process, from the next exec on."""
    number = _int("strategy", strategy, _INT_MIN, _INT_MAX)
    if _library.cx_set_strategy(number) != 0:
        raise _failure()


def set_timeout(milliseconds: int) -> None:
    """How long an exec waits for what it keeps out, and that for an exec.

    In milliseconds; 2000 by default.  What an exec keeps out is what
    guarded() holds.
    """
    number = _int("milliseconds", milliseconds, 0, _UINT_MAX)
    if _library.cx_set_timeout(number) != 0:
        raise _failure()


def status() -> Status:
    """What an exec by this thread would do now; found out by trying."""
    s = _Status(size=ctypes.sizeof(_Status))
    if _library.cx_status(ctypes.byref(s)) != 0:
        raise _failure()
    return Status(Strategy(s.asked), Strategy(s.in_force), Reason(s.reason),
                  bool(s.alone), bool(s.fs_private), bool(s.exact),
                  s.strangers)
