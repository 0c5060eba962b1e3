//go:build !linux

package apply

import (
	"os"
	"runtime"
)

// boundByModes runs f if file modes count for this user.
func boundByModes(f func()) bool {
	if runtime.GOOS == "windows" || os.Getuid() == 0 {
		return false
	}
	f()
	return true
}
