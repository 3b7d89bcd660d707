// SPDX-License-Identifier: MIT

//go:build !clonexec_system

package clonexec

// The C library is clonexec.c beside this file, which scripts/go-module puts
// into the module; in the source tree there is none.

/*
#cgo CFLAGS: -std=gnu11
#cgo LDFLAGS: -pthread
*/
import "C"
