// SPDX-License-Identifier: MIT

// Threads made by C beside Go's own exec, which no shim can reach.
package main

/*
#cgo LDFLAGS: -pthread
#include <pthread.h>

static void *nothing(void *arg) { return arg; }

static void *create(void *arg)
{
	pthread_t t;

	for (;;)
		if (pthread_create(&t, NULL, nothing, NULL) == 0)
			pthread_join(t, NULL);
	return arg;
}

static void start(void)
{
	pthread_t t;

	pthread_create(&t, NULL, create, NULL);
}
*/
import "C"

import (
	"os"
	"syscall"
)

func main() {
	C.start()
	panic(syscall.Exec(os.Args[1], os.Args[1:], os.Environ()))
}
