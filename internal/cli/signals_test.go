//go:build unix

package cli

import (
	"context"
	"syscall"
	"testing"
	"time"
)

// TestSignalAfterTheWork: between its last write and its exit the program still
// catches signals. Otherwise this test's own process would end by the second one.
func TestSignalAfterTheWork(t *testing.T) {
	ctx, stop := withSignals(context.Background())
	stop()
	<-ctx.Done()
	for range 2 {
		if err := syscall.Kill(syscall.Getpid(), syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond) // the default would have ended it by then
	}
}
