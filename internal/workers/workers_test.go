package workers

import (
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
)

func TestEachNumberIsDoneOnce(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	for _, n := range []int{0, 1, 2, 31, 1000} {
		done := make([]int32, n)
		err := Each(n, 10, func() func(int) error {
			return func(i int) error {
				atomic.AddInt32(&done[i], 1)
				return nil
			}
		})
		if err != nil || slices.ContainsFunc(done, func(times int32) bool { return times != 1 }) {
			t.Errorf("%d: %v, %v", n, err, done)
		}
	}
}

func TestWorkersFitTheWork(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	for n, want := range map[int]int32{1: 1, 10: 1, 11: 2, 20: 2, 21: 3, 1000: 3} {
		var workers atomic.Int32
		_ = Each(n, 10, func() func(int) error {
			workers.Add(1)
			return func(int) error { return nil }
		})
		if workers.Load() != want {
			t.Errorf("%d workers for %d, want %d", workers.Load(), n, want)
		}
	}
}

// Whatever the workers' order, the error is the one that a single worker would meet.
func TestTheFirstErrorCounts(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	for range 200 {
		var after atomic.Int32
		err := Each(100, 1, func() func(int) error {
			return func(i int) error {
				if i >= 40 {
					after.Add(1)
					return fmt.Errorf("fault %d", i)
				}
				return nil
			}
		})
		if err == nil || err.Error() != "fault 40" {
			t.Fatal(err)
		}
		if after.Load() > 4 {
			t.Fatalf("%d workers went on after the first error", after.Load())
		}
	}
}
