// SPDX-License-Identifier: MIT

// Package clonexec keeps an exec from losing the privileges that the program's
// file grants, for Go programs with C in them.
//
// Go guards its own threads: syscall.Exec holds a lock that the runtime takes
// around every thread creation. It knows nothing of threads that C libraries
// create. Exec is syscall.Exec that is safe from those as well; Guard is for
// calls into C that create threads.
package clonexec

/*
#include <stdlib.h>
#include <clonexec.h>
*/
import "C"

import (
	"math"
	"runtime"
	"syscall"
	"time"
	"unsafe"
)

// Strategy is how an exec keeps the privileges; clonexec.h says what each
// costs.
type Strategy int

const (
	Auto    Strategy = C.CX_AUTO    // Unshare; where refused Helper; else Lock
	Unshare Strategy = C.CX_UNSHARE // a private fs context; where refused, Lock
	Helper  Strategy = C.CX_HELPER  // a helper thread with one; else Lock
	Lock    Strategy = C.CX_LOCK    // keeps guarded creators out, and Go's
)

// SetStrategy sets it for the whole process, from the next Exec on.
func SetStrategy(s Strategy) error {
	if r, err := C.cx_set_strategy(C.enum_cx_strategy(s)); r != 0 {
		return err
	}
	return nil
}

// SetTimeout sets how long an Exec waits for what it keeps out, which is what
// Guard calls, and that for an Exec; two seconds at first.
func SetTimeout(d time.Duration) error {
	if ms := d.Milliseconds(); ms >= 0 && ms <= math.MaxUint32 {
		if r, err := C.cx_set_timeout(C.uint(ms)); r != 0 {
			return err
		}
		return nil
	}
	return syscall.EINVAL
}

// InForce says what an Exec would use now; it finds out by trying.
func InForce() (Strategy, error) {
	s, err := status()
	return Strategy(s.in_force), err
}

func status() (C.struct_cx_status, error) {
	s := C.struct_cx_status{size: C.sizeof_struct_cx_status}
	if r, err := C.cx_status(&s); r != 0 {
		return s, err
	}
	return s, nil
}

// Guard calls f, which calls C code that creates threads. No creation fails with
// EAGAIN because of an Exec meanwhile, and under Lock no Exec loses anything
// because of it. An Exec waits for f, as long as SetTimeout says.
func Guard(f func()) {
	// The depth is counted in this thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	C.cx_before_clone()
	defer C.cx_after_clone()
	f()
}

// Exec is syscall.Exec: it returns only if it failed, with a syscall.Errno.
//
// An exec that failed may have left its thread a working directory, root and
// umask of its own. The goroutine then stays locked to that thread, so that no
// other one gets there, and the thread ends with it.
func Exec(path string, argv []string, env []string) error {
	runtime.LockOSThread()
	before, err := status()
	if err == nil && before.in_force == C.CX_HELPER {
		err = execByHelper(path, argv, env)
	} else if err == nil {
		err = execBetweenHooks(path, argv, env, before.in_force)
	}
	if after, e := status(); e != nil || after.fs_private == 0 {
		runtime.UnlockOSThread()
	}
	return err
}

// Go's own exec, with what belongs to it: its lock, which keeps the runtime's
// threads out, and the limit of open files that the program was started with
// (newer Go raises that). The hooks keep guarded creators out, and under the
// strategy unshare every other one.
func execBetweenHooks(path string, argv, env []string,
	inForce C.enum_cx_strategy) error {
	C.cx_before_exec_with(inForce)
	defer C.cx_after_exec()
	return syscall.Exec(path, argv, env)
}

// The helper is the library's, so the exec is too.
func execByHelper(path string, argv, env []string) error {
	for _, text := range append(append([]string{path}, argv...), env...) {
		if _, err := syscall.BytePtrFromString(text); err != nil {
			return err
		}
	}
	p, a, e := C.CString(path), vector(argv), vector(env)
	_, err := C.cx_execve(p, &a[0], &e[0])
	free(e)
	free(a)
	C.free(unsafe.Pointer(p))
	return err
}

// An argv or envp: a slice, which C may see since it points to C's memory only.
func vector(strings []string) []*C.char {
	v := make([]*C.char, len(strings)+1)
	for i, s := range strings {
		v[i] = C.CString(s)
	}
	return v
}

func free(v []*C.char) {
	for _, p := range v {
		C.free(unsafe.Pointer(p))
	}
}
