package apply

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/stackinit/stackinit/internal/diag"
)

// explain turns an error of the file system, met while making the project, into
// one for people.
func (s *stage) explain(what string, err error) error {
	return explain(what+" for "+filepath.Join(s.dir, s.target), s.dir, err)
}

// explain says what could not be done, why, and what to do about it. Errors that
// are already meant for people, the end of a context and bugs pass unchanged.
func explain(what, dir string, err error) error {
	var forPeople *diag.Error
	var errno syscall.Errno
	switch {
	case errors.As(err, &forPeople), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case !errors.As(err, &errno), errors.Is(err, fs.ErrExist):
		// Not from the operating system, or a file of the plan stands in the way of another.
		return err
	}
	return diag.New(diag.Environment, advice(dir, errno), "cannot %s: %w", what, reason(err))
}

// advice is what helps against the usual errors of a disk.
func advice(dir string, errno syscall.Errno) string {
	switch {
	case errno == syscall.ENOSPC || errno == syscall.EDQUOT:
		return "free some space there and run the same command again"
	case errno == syscall.EROFS || errors.Is(errno, fs.ErrPermission):
		return "choose a folder that you may write to with --dir, or change the rights of " + dir
	case errno == syscall.ENAMETOOLONG:
		return "choose a shorter name or a folder nearer to the root with --dir"
	case errno == syscall.EMFILE || errno == syscall.ENFILE:
		return "allow more open files (ulimit -n)"
	}
	return "check the disk, or choose another folder with --dir"
}

// reason is the innermost error: what surrounds it names staging paths that
// people have never seen.
func reason(err error) error {
	var p *fs.PathError
	var l *os.LinkError
	var s *os.SyscallError
	for {
		switch {
		case errors.As(err, &p):
			err = p.Err
		case errors.As(err, &l):
			err = l.Err
		case errors.As(err, &s):
			err = s.Err
		default:
			return err
		}
	}
}
