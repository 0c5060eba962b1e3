package apply

import (
	"cmp"
	"errors"
	"io/fs"
	"os"

	"github.com/stackinit/stackinit/internal/diag"
)

// NewFile writes one file that is not there yet, and never over anything: whatever
// stands under its name is an error of kind InTheWay. If writing fails it is removed.
func NewFile(name string, body []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return fileInTheWay(name)
	}
	if err != nil {
		return diag.New(diag.Environment, "choose another place", "cannot write %s: %w", name, reason(err))
	}
	_, err = f.Write(body)
	// Network file systems may notice only on closing that the disk is full.
	if err := cmp.Or(err, f.Close()); err != nil {
		return diag.New(diag.Environment, "choose another place", "cannot write %s: %w", name, reason(errors.Join(err, os.Remove(name))))
	}
	return nil
}

// CheckFile says whether NewFile would find something in its way.
func CheckFile(name string) error {
	if _, err := os.Lstat(name); err == nil {
		return fileInTheWay(name)
	}
	return nil
}

func fileInTheWay(name string) error {
	return diag.New(diag.InTheWay, "choose another name, or move it away", "%s is already there, and stackinit never writes over anything", name)
}
