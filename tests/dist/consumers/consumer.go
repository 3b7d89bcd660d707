// SPDX-License-Identifier: MIT

// Execs what it is told: by clonexec, or, with one more argument, by Go's own.
package main

import (
	"fmt"
	"os"
	"syscall"

	"example.org/clonexec"
)

func main() {
	argv := []string{os.Args[1]}
	if len(os.Args) > 2 {
		fmt.Println(syscall.Exec(argv[0], argv, nil))
	} else {
		fmt.Println(clonexec.Exec(argv[0], argv, nil))
	}
	os.Exit(1)
}
