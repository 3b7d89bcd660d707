// SPDX-License-Identifier: MIT

//go:build clonexec_system

package clonexec

// The C library is the one that is installed.

/*
#cgo pkg-config: clonexec
*/
import "C"
