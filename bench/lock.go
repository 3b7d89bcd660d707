// SPDX-License-Identifier: MIT

// sync.RWMutex, as lock.c asks: NAME shared|exclusive THREADS WRITER PAIRS.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sort"
	"sync"
	"sync/atomic"
	"time"
)

var lock sync.RWMutex

func shared(pairs int) {
	for ; pairs > 0; pairs-- {
		lock.RLock()
		lock.RUnlock()
	}
}

func exclusive(pairs int) {
	for ; pairs > 0; pairs-- {
		lock.Lock()
		lock.Unlock()
	}
}

func sample(side string, threads, writer, pairs int) {
	var atWork int32 = int32(threads)
	var all sync.WaitGroup
	loop := shared
	if side == "exclusive" {
		loop = exclusive
	}
	start := make(chan bool)
	times := make([]float64, threads)
	for i := range times {
		all.Add(1)
		go func(i int) {
			runtime.LockOSThread()
			<-start
			begin := time.Now()
			loop(pairs)
			times[i] = float64(time.Since(begin).Nanoseconds()) /
				float64(pairs)
			atomic.AddInt32(&atWork, -1)
			all.Done()
		}(i)
	}
	close(start)
	var waits []float64
	for writer == 1 && atomic.LoadInt32(&atWork) > 0 {
		time.Sleep(time.Millisecond)
		begin := time.Now()
		exclusive(1)
		waits = append(waits, float64(time.Since(begin).Nanoseconds()))
	}
	all.Wait()
	sum := 0.0
	for _, t := range times {
		sum += t
	}
	fmt.Printf("%.2f", sum/float64(threads))
	if len(waits) > 0 {
		sort.Float64s(waits)
		fmt.Printf(" %.0f %.0f", waits[len(waits)-1], waits[len(waits)/2])
	}
	fmt.Println()
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		var name, side string
		var threads, writer, pairs int
		fmt.Sscan(in.Text(), &name, &side, &threads, &writer, &pairs)
		if threads < 1 || pairs < 1 {
			os.Exit(1)
		}
		sample(side, threads, writer, pairs)
	}
}
