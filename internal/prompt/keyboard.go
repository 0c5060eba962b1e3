package prompt

import (
	"bytes"
	"io"
	"os"
	"slices"
	"time"
)

// keyboard stands between the terminal and the libraries that read keys from
// it. It hands out at most one line at a time, so that keys typed ahead wait for
// the next question; it drops the key codes that the libraries would take for
// text or fail on; and it turns Ctrl-C and Ctrl-D into errors, whatever the
// library would make of them (survey takes Ctrl-D for an answer).
type keyboard struct {
	input
	file *os.File
	buf  []byte // typed and not yet handed out
}

// The control characters that matter here.
const (
	ctrlC  = 0x03
	ctrlD  = 0x04
	escape = 0x1b
)

// known are the key codes that pass: arrows, Home and End in both modes of the
// keypad, and Delete.
var known = []string{
	"\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[H", "\x1b[F", "\x1b[3~",
	"\x1bOA", "\x1bOB", "\x1bOC", "\x1bOD", "\x1bOH", "\x1bOF",
}

// escapeWait is how long the rest of a key code may take to arrive; what comes
// later was typed by hand after the Esc key. A code travels in one piece, save
// over a slow line.
const escapeWait = 50 * time.Millisecond

// Fd makes the keyboard a file to survey, which sets the terminal's mode by it.
func (k *keyboard) Fd() uintptr { return k.file.Fd() }

// Read gives some keys, at most to the end of the line.
func (k *keyboard) Read(p []byte) (int, error) {
	for {
		for len(k.buf) == 0 {
			if err := k.fill(nil); err != nil {
				return 0, err
			}
		}
		switch k.buf[0] {
		case ctrlC:
			k.buf = k.buf[1:]
			return 0, interrupted()
		case ctrlD:
			k.buf = k.buf[1:]
			return 0, io.EOF
		case escape:
			code, err := k.code()
			if err != nil {
				return 0, err
			}
			if slices.Contains(known, string(code)) {
				return copy(p, code), nil
			}
		default:
			n := copy(p, k.buf[:plain(k.buf)])
			k.buf = k.buf[n:]
			return n, nil
		}
	}
}

// plain is the length of the run of ordinary keys that buf begins with: to the
// end of the line at most.
func plain(buf []byte) int {
	if i := bytes.IndexAny(buf, "\r\n"); i >= 0 {
		buf = buf[:i+1]
	}
	if i := bytes.IndexAny(buf, "\x03\x04\x1b"); i >= 0 {
		return i
	}
	return len(buf)
}

// code takes the key code that the buffer begins with, as far as it arrives.
func (k *keyboard) code() ([]byte, error) {
	for {
		if n := codeLen(k.buf); n > 0 {
			code := k.buf[:n]
			k.buf = k.buf[n:]
			return code, nil
		}
		before := len(k.buf)
		if err := k.fill(time.After(escapeWait)); err != nil {
			return nil, err
		}
		if len(k.buf) == before { // the Esc key, or half a code: no use for it
			k.buf = nil
			return nil, nil
		}
	}
}

// codeLen is the length of the key code at the start of buf, 0 while its end has
// not arrived: ESC [ parameters letter, ESC O letter, or Alt with a key.
func codeLen(buf []byte) int {
	switch {
	case len(buf) < 2:
		return 0
	case buf[1] == '[':
		for i, c := range buf[2:] {
			if c >= 0x40 && c <= 0x7e {
				return i + 3
			}
			if c < 0x20 || c > 0x7e { // not a code after all; keep the key
				return i + 2
			}
		}
		return 0
	case buf[1] == 'O':
		if len(buf) < 3 {
			return 0
		}
		return 3
	case buf[1] < 0x20 || buf[1] > 0x7e: // Esc, then a key of its own
		return 1
	}
	return 2
}

// fill waits for more keys.
func (k *keyboard) fill(timeout <-chan time.Time) error {
	more, err := k.next(timeout)
	k.buf = append(k.buf, more...)
	return err
}
