package apply

import (
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// boundByModes runs f as a user for whom file modes count: root becomes nobody
// for the file operations of one thread, which ends with f.
func boundByModes(f func()) bool {
	done := make(chan bool)
	go func() {
		defer close(done)
		if os.Getuid() == 0 {
			const nobody = 65534
			runtime.LockOSThread() // never unlocked: the thread is not used again
			if _, err := unix.SetfsuidRetUid(nobody); err != nil {
				return
			}
		}
		f()
		done <- true
	}()
	return <-done
}
