// SPDX-License-Identifier: MIT

// exec-caller in Go: syscall.Exec, which has had such a lock since 2017.
package main

import (
	"os"
	"runtime"
	"strconv"
	"syscall"
	"time"
	"unsafe"
)

func now(begin *int64) {
	var t syscall.Timespec
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, 1,
		uintptr(unsafe.Pointer(&t)), 0)
	*begin = t.Nano()
}

const createdFirst = 20

// A goroutine that ends while it is locked to its thread ends the thread, so
// each needs one of its own.
func create(ready chan bool) {
	for i := 0; ; i++ {
		end := make(chan bool)
		go func() {
			runtime.LockOSThread()
			end <- true
		}()
		<-end
		if i < createdFirst {
			ready <- true
		}
	}
}

func main() {
	// MEANS IDLE SIBLINGS MEGABYTES TARGET
	page, err := syscall.Mmap(3, 0, 4096,
		syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if len(os.Args) != 6 || err != nil {
		os.Exit(2)
	}
	idle, _ := strconv.Atoi(os.Args[2])
	ready := make(chan bool)
	for i := 0; i < idle; i++ {
		go func() {
			runtime.LockOSThread()
			ready <- true
			time.Sleep(time.Hour)
		}()
		<-ready
	}
	siblings, _ := strconv.Atoi(os.Args[3])
	for i := 0; i < siblings; i++ {
		go create(ready)
	}
	for i := 0; i < siblings*createdFirst; i++ {
		<-ready
	}
	now((*int64)(unsafe.Pointer(&page[0])))
	syscall.Exec(os.Args[5], os.Args[5:], nil)
	os.Exit(1)
}
