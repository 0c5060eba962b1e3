// Package workers shares numbered work out among the processors.
package workers

import (
	"cmp"
	"runtime"
	"sync"
	"sync/atomic"
)

// Each does the work of the numbers from 0 to n-1: the caller takes part, and one more
// worker for every `worth` of them, up to one for each processor. Waking a second
// processor costs as much as writing a dozen small files, so little work is done at once
// and here. start is called by each worker and gives what it does with a number, so that
// it can have a state of its own.
//
// After an error nothing new is begun. The error is that of the lowest number: numbers
// are handed out in order, so all below it were tried, and the same input gives the same
// error every time.
func Each(n, worth int, start func() func(i int) error) error {
	errs := make([]error, n)
	var next atomic.Int64
	var failed atomic.Bool
	work := func() {
		one := start()
		for !failed.Load() {
			i := int(next.Add(1)) - 1
			if i >= n {
				return
			}
			if errs[i] = one(i); errs[i] != nil {
				failed.Store(true)
			}
		}
	}
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0)-1, (n-1)/worth) {
		wg.Go(work)
	}
	work()
	wg.Wait()
	return cmp.Or(errs...)
}
