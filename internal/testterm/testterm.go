// Package testterm runs a program in a terminal of a given size, so that a test
// can press keys and look at the screen as a person would. It supports tests
// only; nothing that ships imports it.
package testterm

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
)

// Patience is how long Expect and Wait wait before they fail the test; far above
// what a loaded machine needs, as only a failing test ever waits so long.
const Patience = 10 * time.Second

// Keys that have no letter, as a terminal sends them.
const (
	Enter     = "\r"
	Space     = " "
	Up        = "\x1b[A"
	Down      = "\x1b[B"
	Right     = "\x1b[C"
	Left      = "\x1b[D"
	Backspace = "\x7f"
	CtrlC     = "\x03"
	CtrlD     = "\x04"
)

// Terminal is one terminal and, if Start made it, the program that runs in it.
type Terminal struct {
	t   testing.TB
	pty *os.File
	tty *os.File // the program's side; nil once a program of its own holds it
	cmd *exec.Cmd

	mu      sync.Mutex
	vt      vt10x.Terminal
	raw     bytes.Buffer
	wrapped []string
	changed chan struct{} // closed and renewed at every change of the screen

	drained chan struct{} // closed when nobody holds the program's side any more
	exited  chan struct{} // closed when the program has ended
}

// Open makes a terminal of cols by rows characters without a program, for a test
// that runs the code in its own process: give it TTY for input and output. The
// test is skipped where the system has no pseudo-terminals.
func Open(t testing.TB, cols, rows int) *Terminal {
	t.Helper()
	master, tty, err := pty.Open()
	if errors.Is(err, pty.ErrUnsupported) {
		t.Skip("needs a pseudo-terminal, which this system does not have")
	}
	if err != nil {
		t.Fatalf("open a pseudo-terminal: %v", err)
	}
	if err := pty.Setsize(master, &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)}); err != nil {
		t.Fatalf("set the size of the terminal: %v", err)
	}
	if master, err = closable(master); err != nil {
		t.Fatalf("prepare the pseudo-terminal: %v", err)
	}
	term := &Terminal{
		t: t, pty: master, tty: tty,
		// The emulator answers questions, such as where the cursor is, on the
		// master's side.
		vt:      vt10x.New(vt10x.WithSize(cols, rows), vt10x.WithWriter(master)),
		changed: make(chan struct{}), drained: make(chan struct{}), exited: make(chan struct{}),
	}
	go term.pump()
	t.Cleanup(term.close)
	return term
}

// Start runs cmd in a new terminal of cols by rows characters, which becomes the
// controlling terminal of a session of its own, so that Ctrl-C works as in a
// window. Standard streams that cmd already has are kept.
func Start(t testing.TB, cmd *exec.Cmd, cols, rows int) *Terminal {
	t.Helper()
	term := Open(t, cols, rows)
	for _, stream := range []*io.Writer{&cmd.Stdout, &cmd.Stderr} {
		if *stream == nil {
			*stream = term.tty
		}
	}
	if cmd.Stdin == nil {
		cmd.Stdin = term.tty
	}
	ownTerminal(cmd, term.tty)
	if err := cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", cmd.Path, err)
	}
	term.cmd = cmd
	_ = term.tty.Close()
	term.tty = nil
	go func() {
		_ = cmd.Wait()
		close(term.exited)
	}()
	return term
}

// TTY is the program's side of a terminal made by Open.
func (term *Terminal) TTY() *os.File { return term.tty }

// Type presses keys, all at once.
func (term *Terminal) Type(keys ...string) {
	term.t.Helper()
	if _, err := term.pty.WriteString(strings.Join(keys, "")); err != nil {
		term.t.Fatalf("type %q: %v\n%s", keys, err, term.dump())
	}
}

// Expect waits until text stands on one line of the screen. What was there
// before counts as well: wait for something that only the next screen has.
func (term *Terminal) Expect(text string) {
	term.t.Helper()
	term.Until("the screen to show "+text, func(screen []string) bool {
		return slices.ContainsFunc(screen, func(line string) bool { return strings.Contains(line, text) })
	})
}

// Until waits until ok accepts the screen; what names it in the failure.
func (term *Terminal) Until(what string, ok func(screen []string) bool) {
	term.t.Helper()
	timeout := time.After(Patience)
	for over := false; ; {
		term.mu.Lock()
		changed := term.changed
		term.mu.Unlock()
		if ok(term.Screen()) {
			return
		}
		if over {
			term.t.Fatalf("the program ended; waited for %s\n%s", what, term.dump())
		}
		select {
		case <-changed:
		case <-term.drained:
			over = true // one more look: the last output may have come just before
		case <-timeout:
			term.t.Fatalf("waited %v for %s\n%s", Patience, what, term.dump())
		}
	}
}

// Screen gives the lines on the screen without trailing blanks, and without the
// empty lines at the bottom.
func (term *Terminal) Screen() []string {
	lines := strings.Split(strings.TrimRight(term.vt.String(), " \n\x00"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(strings.ReplaceAll(line, "\x00", " "), " ")
	}
	return lines
}

// Styled gives the same lines with the style of every stretch that has one in
// front of it, as the parameters of SGR (ECMA-48) in braces: {1}bold{} plain.
func (term *Terminal) Styled() []string {
	lines := term.Screen()
	term.vt.Lock()
	defer term.vt.Unlock()
	for y, line := range lines {
		var b strings.Builder
		last := ""
		for x, r := range []rune(line) {
			if style := styleOf(term.vt.Cell(x, y)); style != last {
				b.WriteString("{" + style + "}")
				last = style
			}
			b.WriteRune(r)
		}
		if last != "" {
			b.WriteString("{}")
		}
		lines[y] = b.String()
	}
	return lines
}

// styleOf gives the style of a character; one of a blank does not show.
func styleOf(cell vt10x.Glyph) string {
	const reverse, bold = 1 << 0, 1 << 2 // vt10x's marks
	var codes []string
	if cell.Mode&bold != 0 {
		codes = append(codes, "1")
	}
	if cell.Mode&reverse != 0 {
		codes = append(codes, "7")
	}
	if cell.FG < 8 {
		codes = append(codes, strconv.Itoa(30+int(cell.FG)))
	} else if cell.FG < 16 { // bright, which the emulator makes of bold colours
		codes = append(codes, strconv.Itoa(90+int(cell.FG)-8))
	}
	return strings.Join(codes, ";")
}

// Wrapped gives the first row of every line so far that was wider than the
// screen and ran over its right edge.
func (term *Terminal) Wrapped() []string {
	term.mu.Lock()
	defer term.mu.Unlock()
	return slices.Clone(term.wrapped)
}

// Raw gives every byte the program wrote, escape codes included.
func (term *Terminal) Raw() string {
	term.mu.Lock()
	defer term.mu.Unlock()
	return term.raw.String()
}

// Signal sends a signal to the program alone.
func (term *Terminal) Signal(sig os.Signal) {
	term.t.Helper()
	if err := term.cmd.Process.Signal(sig); err != nil {
		term.t.Fatalf("send %v: %v", sig, err)
	}
}

// HangUp takes the terminal away, as when its window is closed. The test is
// skipped where that cannot be done.
func (term *Terminal) HangUp() {
	term.t.Helper()
	if runtime.GOOS != "linux" {
		term.t.Skip("needs Linux to take a terminal away")
	}
	_ = term.pty.Close()
}

// Wait waits for the program's end and gives its exit code: 128 plus the number
// of the signal if one ended it.
func (term *Terminal) Wait() int {
	term.t.Helper()
	select {
	case <-term.exited:
	case <-time.After(Patience):
		term.t.Fatalf("waited %v for the program to end\n%s", Patience, term.dump())
	}
	select { // its last words
	case <-term.drained:
	case <-time.After(Patience):
		term.t.Fatalf("the program ended but something it started holds the terminal\n%s", term.dump())
	}
	if status, ok := term.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return term.cmd.ProcessState.ExitCode()
}

// pump brings what the program writes to the emulator.
func (term *Terminal) pump() {
	defer close(term.drained)
	output := bufio.NewReader(io.TeeReader(term.pty, lockedWriter{term}))
	for {
		err := term.vt.Parse(output)
		term.noteWrapped()
		term.mu.Lock()
		close(term.changed)
		term.changed = make(chan struct{})
		term.mu.Unlock()
		if err != nil {
			return // io.EOF or EIO: the program's side is closed
		}
	}
}

// noteWrapped records the lines on the screen that ran over the right edge.
func (term *Terminal) noteWrapped() {
	const attrWrap = 1 << 6 // vt10x's mark on the last character of such a row
	screen := term.Screen()
	cols, _ := term.vt.Size()
	term.vt.Lock()
	defer term.vt.Unlock()
	for y, line := range screen {
		if term.vt.Cell(cols-1, y).Mode&attrWrap != 0 {
			term.mu.Lock()
			if !slices.Contains(term.wrapped, line) {
				term.wrapped = append(term.wrapped, line)
			}
			term.mu.Unlock()
		}
	}
}

// close ends the program if the test left it running, and frees the terminal.
func (term *Terminal) close() {
	if term.cmd != nil {
		_ = term.cmd.Process.Kill()
		<-term.exited
	}
	if term.tty != nil {
		_ = term.tty.Close()
	}
	_ = term.pty.Close()
}

func (term *Terminal) dump() string {
	return "the screen:\n" + strings.Join(term.Screen(), "\n") + "\n(end of the screen)"
}

// lockedWriter keeps the raw output.
type lockedWriter struct{ term *Terminal }

func (w lockedWriter) Write(p []byte) (int, error) {
	w.term.mu.Lock()
	defer w.term.mu.Unlock()
	return w.term.raw.Write(p)
}
