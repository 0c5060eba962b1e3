package gitrepo

import (
	"io/fs"
	"syscall"
	"time"

	"github.com/go-git/go-git/v5/plumbing/format/index"
)

// addStat adds what Git for Windows compares besides size and time of
// modification: the time of creation. It keeps the other fields at 0.
func addStat(e *index.Entry, info fs.FileInfo) {
	if st, ok := info.Sys().(*syscall.Win32FileAttributeData); ok {
		e.CreatedAt = time.Unix(0, st.CreationTime.Nanoseconds())
	}
}
