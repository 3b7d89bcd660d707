// SPDX-License-Identifier: MIT

// A static Go program with a thread creation of C's that is frozen, and Go's own
// exec, which makes the system call itself: frozen PROGRAM
package main

/*
#cgo LDFLAGS: -pthread
#include "freezer.c"
*/
import "C"

import (
	"os"
	"syscall"
)

func main() {
	panic(syscall.Exec(os.Args[1], os.Args[1:], nil))
}
