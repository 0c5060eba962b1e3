// Package cli is the command line: one file a command, wiring, printing, and
// the exit codes. It decides nothing about projects; it hands values from one
// room to the next.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/names"
)

// Streams are the program's three files. Answers come in through In, results go
// to Out, and everything meant for a person at the keyboard goes to Err.
type Streams struct{ In, Out, Err *os.File }

// Main runs the program and gives its exit code.
func Main(args []string, s Streams) (code int) {
	// A reader that goes away must be an error that is handled, not a signal
	// that ends the program in the middle of writing a project.
	signal.Ignore(syscall.SIGPIPE)
	// The program lives for milliseconds and holds a few megabytes: collecting
	// them on the way would take a quarter of its time.
	debug.SetGCPercent(400)
	a := &app{Streams: s, out: &output{w: s.Out}}
	root := newRoot(a)
	defer func() {
		if r := recover(); r != nil {
			code = a.end(fmt.Errorf("panic: %v\n%s", r, debug.Stack()), wantsJSON(root, args))
		}
	}()
	ctx, stop := withSignals(context.Background())
	defer stop()
	a.stdin = &input{ctx, s.In}
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil && a.out.err != nil { // cobra does not look when it prints help
		err = a.out.err
	}
	// Cobra checks flags and arguments before a command runs; its errors are
	// plain ones.
	var usage *usageError
	if errors.As(err, &usage) {
		err = diag.New(diag.Usage, "see stackinit "+usage.topic+"--help", "%w", usage.err)
	}
	return a.end(err, wantsJSON(cmd, args))
}

// withSignals ends the context on SIGINT, SIGTERM and a terminal that goes away,
// with the cause that becomes the exit code. The program keeps catching them to
// its very end: one that comes between the last write and the exit would
// otherwise make a finished project look like an interrupted run.
func withSignals(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		if s := <-signals; s == os.Interrupt {
			cancel(diag.New(diag.Interrupted, "", "interrupted; nothing was written"))
			return
		}
		cancel(diag.New(diag.Terminated, "", "terminated; nothing was written"))
	}()
	return ctx, func() { cancel(nil) }
}

// report prints an error and gives the exit code.
func report(w io.Writer, err error) int {
	if err == nil {
		return 0
	}
	var e *diag.Error
	if !errors.As(err, &e) {
		// Nothing can be done if this cannot be written either.
		_, _ = fmt.Fprintf(w, "stackinit: this is a bug in stackinit, please report it: %v\n", err)
		return exitCode(diag.Bug)
	}
	if text := e.Error(); text != "" {
		_, _ = fmt.Fprintf(w, "stackinit: %s\n", clean(text))
	}
	return exitCode(e.Kind)
}

// clean takes out what could steer a terminal or hide a text; text from files may be
// in it.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && (names.Hidden(r) || unicode.Is(unicode.Cf, r)) { // joiners stand in titles, but in a name they hide
			return '?'
		}
		return r
	}, s)
}

// app is what all commands share.
type app struct {
	Streams
	stdin io.Reader // Streams.In as a file, which a signal ends
	out   *output   // Streams.Out, watched
}

// input is stdin for those who read it to its end, which may never come: a read ends
// with ctx and its cause.
type input struct {
	ctx context.Context
	r   io.Reader
}

func (i *input) Read(p []byte) (int, error) {
	type result struct {
		n   int
		err error
	}
	done, own := make(chan result, 1), make([]byte, len(p)) // p is the caller's again when ctx ends
	go func() {
		n, err := i.r.Read(own)
		done <- result{n, err}
	}()
	select {
	case r := <-done:
		return copy(p, own[:r.n]), r.err
	case <-i.ctx.Done():
		return 0, context.Cause(i.ctx)
	}
}

// output is stdout with a memory: a result that could not be written is an
// error, whoever wrote it.
type output struct {
	w    io.Writer
	used bool // something was written
	err  error
}

func (o *output) Write(p []byte) (int, error) {
	o.used = true
	n, err := o.w.Write(p)
	if err != nil && o.err == nil {
		o.err = diag.New(diag.Environment, "", "the output cannot be written: %w", err)
	}
	return n, err
}

// usageError is a wrong flag or argument.
type usageError struct {
	topic string
	err   error
}

func (u *usageError) Error() string { return u.err.Error() }

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "stackinit",
		Short: "Choose NodeJS or Python for a back end, with reasons, and start it",
		Long: `stackinit interviews you about a new back end, recommends NodeJS or Python by
the criteria of one article, and makes a project that installs, passes its
tests and runs. The choice is recorded in docs/adr.`,
		Example: `  stackinit new myservice              an interview, then a project in ./myservice
  stackinit new myservice --defaults   no questions
  stackinit recommend                  only the recommendation
  stackinit explain myservice          why that choice, and what would change it
  stackinit verify myservice           install, check, test and start it
  stackinit adr new "Use one queue"    a decision record, in any repository`,
		Version:       buildVersion(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(a.In)
	root.SetOut(a.out)
	root.SetErr(a.Err)
	root.SetVersionTemplate("stackinit {{.Version}}\n")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return wrongUsage(cmd, err) })
	root.AddCommand(newCommand(a), planCommand(a), applyCommand(a), recommendCommand(a), explainCommand(a), adrCommand(a), criteriaCommand(a), templateCommand(a), verifyCommand(a), versionCommand(a))
	root.AddCommand(topics()...)
	root.CompletionOptions.HiddenDefaultCmd = false
	return root
}

func wrongUsage(cmd *cobra.Command, err error) error {
	topic := strings.TrimPrefix(cmd.CommandPath()+" ", "stackinit ")
	return &usageError{topic, err}
}

// noArgs and oneArg are cobra's checks with errors that name what was meant.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if cmd.HasSubCommands() {
		var names []string
		for _, c := range cmd.Commands() {
			names = append(names, c.Name())
		}
		return diag.New(diag.Usage, diag.DidYouMean(args[0], names), "there is no command %q", args[0])
	}
	return wrongUsage(cmd, fmt.Errorf("%s takes no argument, but got %q", cmd.Name(), args[0]))
}

// print writes a result; a broken stdout is an error like any other.
func (a *app) print(format string, args ...any) error {
	_, _ = fmt.Fprintf(a.out, format, args...) // output keeps the error
	return a.out.err
}

// stamped is set by the linker: -X …/internal/cli.stamped=v1.2.3.
var stamped string

// buildVersion is the stamp, else the version of the module as `go install`
// knows it, else "dev".
var buildVersion = sync.OnceValue(func() string {
	if stamped != "" {
		return strings.TrimPrefix(stamped, "v")
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return strings.TrimPrefix(info.Main.Version, "v")
	}
	return "dev"
})

var platform = runtime.GOOS + "/" + runtime.GOARCH
