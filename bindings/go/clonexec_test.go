// SPDX-License-Identifier: MIT

// With FREEZER (tests/clients/freezer.c) and TARGET (src/race/target), as root: the
// frozen race as well.
package clonexec

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The other side of the tests is this program, for what ROLE says.
func TestMain(m *testing.M) {
	program := os.Getenv("PROGRAM")
	show := []string{"x", "-c", "echo $0 $A $ROLE"}
	var err error
	switch os.Getenv("ROLE") {
	case "":
		os.Exit(m.Run())
	case "helper":
		err = SetStrategy(Helper)
	case "lock":
		err = SetStrategy(Lock)
	case "std":
		err = syscall.Exec(program, []string{program}, nil)
	case "target by helper":
		SetStrategy(Helper)
		fallthrough
	case "target":
		err = Exec(program, []string{program}, nil)
	}
	if err == nil {
		err = Exec("/bin/sh", show, []string{"A=b"})
	}
	fmt.Println(err)
	os.Exit(1)
}

func act(role string, more ...string) (string, error) {
	c := exec.Command(os.Args[0])
	c.Env = append(append(os.Environ(), "ROLE="+role), more...)
	out, err := c.Output()
	return string(out), err
}

func TestExec(t *testing.T) {
	for _, role := range []string{"plain", "helper", "lock"} {
		if out, err := act(role); err != nil || out != "x b\n" {
			t.Errorf("%s: %q, %v", role, out, err)
		}
	}
}

// As syscall.Exec, error for error, and the strategy is what it was.
func TestFailures(t *testing.T) {
	defer SetStrategy(Auto)
	for _, s := range []Strategy{Auto, Unshare, Helper, Lock} {
		if err := SetStrategy(s); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/nowhere", "/etc/passwd",
			"/etc/passwd/x", "/bin/tr\x00ue", ""} {
			want := syscall.Exec(path, []string{"x"}, nil)
			// On a thread that may stay as it is left.
			got := make(chan error)
			go func() { got <- Exec(path, []string{"x"}, nil) }()
			if err := <-got; err != want {
				t.Errorf("%d %q: %v, not %v", s, path, err, want)
			}
		}
		if now, err := status(); err != nil || Strategy(now.asked) != s {
			t.Errorf("%v: the strategy is %v", s, now.asked)
		}
	}
	if SetStrategy(99) != syscall.EINVAL {
		t.Error("99 is a strategy")
	}
}

// Two fail to exec at once while a third looks at what the process has.
func seeOthers(t *testing.T, fail func()) (seen map[Strategy]bool) {
	seen = map[Strategy]bool{}
	done := make(chan bool)
	for i := 0; i < 2; i++ {
		go func() {
			for i := 0; i < 200; i++ {
				fail()
			}
			done <- true
		}()
	}
	for left := 2; left > 0; {
		select {
		case <-done:
			left--
		default:
		}
		now, err := status()
		if err != nil {
			t.Fatal(err)
		}
		seen[Strategy(now.asked)] = true
	}
	return seen
}

// The strategy is the process's: no Exec may be seen by another goroutine.
func TestStrategyIsLeftAlone(t *testing.T) {
	defer SetStrategy(Auto)
	// The control: how Exec had its strategy once.
	changed := false
	for round := 0; round < 50 && !changed; round++ {
		SetStrategy(Auto)
		changed = seeOthers(t, func() {
			before, _ := status()
			SetStrategy(Unshare)
			syscall.Exec("/nowhere", []string{"x"}, nil)
			SetStrategy(Strategy(before.asked))
		})[Unshare]
	}
	if !changed {
		t.Error("the control has changed nothing")
	}
	for _, s := range []Strategy{Auto, Helper, Lock} {
		SetStrategy(s)
		seen := seeOthers(t, func() {
			Exec("/nowhere", []string{"x"}, nil)
		})
		if len(seen) != 1 || !seen[s] {
			t.Errorf("%v: the process had %v", s, seen)
		}
	}
}

// No other goroutine gets to a thread with a directory of its own.
func TestDirectoryIsShared(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	defer os.Chdir(here)
	failed, end := make(chan error), make(chan bool)
	for i := 0; i < 8; i++ {
		go func() {
			failed <- Exec("/nowhere", []string{"x"}, nil)
			<-end
		}()
		<-failed
	}
	if err := syscall.Chdir("/"); err != nil {
		t.Fatal(err)
	}
	// All at once, so that every thread that is available is taken.
	dirs, leave := make(chan string), make(chan bool)
	for i := 0; i < 32; i++ {
		go func() {
			runtime.LockOSThread()
			dir, _ := os.Readlink("/proc/thread-self/cwd")
			dirs <- dir
			<-leave
		}()
	}
	for i := 0; i < 32; i++ {
		if dir := <-dirs; dir != "/" {
			t.Error("a goroutine is in " + dir)
		}
	}
	close(leave)
	close(end)
}

// An Exec elsewhere is over only after the guarded function.
func TestGuard(t *testing.T) {
	if err := SetTimeout(time.Minute); err != nil {
		t.Fatal(err)
	}
	defer SetTimeout(2 * time.Second)
	if SetTimeout(-1*time.Second) == nil || SetTimeout(2*time.Hour) == nil {
		t.Error("any timeout will do")
	}
	over := make(chan bool)
	Guard(func() {
		Guard(func() {})
		go func() {
			Exec("/nowhere", []string{"x"}, nil)
			close(over)
		}()
		select {
		case <-over:
			t.Error("the exec has not waited")
		case <-time.After(300 * time.Millisecond):
		}
	})
	select {
	case <-over:
	case <-time.After(20 * time.Second):
		t.Error("the exec still waits")
	}
}

// A thread creation of C stands still in the kernel while Go execs.
func TestFrozen(t *testing.T) {
	cannot := func(why string) {
		if os.Getenv("CLONEXEC_MUST_WORK") == "1" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	freezer, target := os.Getenv("FREEZER"), os.Getenv("TARGET")
	if freezer == "" || target == "" || os.Getuid() != 0 {
		cannot("needs root, FREEZER and TARGET")
	}
	// Where nobody may go.
	dir, err := os.MkdirTemp("/tmp", "cx-go-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	os.Chmod(dir, 0755)
	preload, program := copyTo(t, dir, freezer), copyTo(t, dir, target)
	os.Chmod(program, 0755|os.ModeSetuid)
	for _, c := range [][2]string{
		{"std", "65534 65534 65534 "},
		{"target", "65534 0 0 "},
		{"target by helper", "65534 0 0 "},
	} {
		out, err := act(c[0], "LD_PRELOAD="+preload, "PROGRAM="+program)
		if e, ok := err.(*exec.ExitError); ok && e.ExitCode() == 77 {
			cannot("cannot freeze the race here")
		}
		if !strings.HasPrefix(out, c[1]) {
			t.Errorf("%s: %q, %v", c[0], out, err)
		}
	}
}

func copyTo(t *testing.T, dir, file string) string {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, filepath.Base(file))
	if err := os.WriteFile(path, data, 0755); err != nil {
		t.Fatal(err)
	}
	return path
}
