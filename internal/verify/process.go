package verify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// grace is how long a process may take to end after it was asked to. The starters
// finish open requests for up to 8 seconds; verify leaves none open.
const grace = 5 * time.Second

// errLeft is a service that ended and left processes behind; verify has ended them.
var errLeft = errors.New("it left processes behind")

// process is a command that runs, with everything that it starts.
type process struct {
	cmd    *exec.Cmd
	output *tail
	done   chan struct{} // closed when it has ended and nothing of it is left
	err    error         // how it ended; to be read after done
}

// launch starts a command without input. The end of ctx ends it and all that it started.
func launch(ctx context.Context, dir string, env, argv []string) (*process, error) {
	path, err := lookPath(argv[0], value(env, "PATH"))
	if err != nil {
		return nil, err
	}
	p := &process{cmd: exec.CommandContext(ctx, path, argv[1:]...), output: &tail{}, done: make(chan struct{})}
	p.cmd.Args[0] = argv[0]
	p.cmd.Dir, p.cmd.Env = dir, env
	p.cmd.Stdout, p.cmd.Stderr = p.output, p.output
	p.cmd.WaitDelay = grace
	ownGroup(p.cmd)
	p.cmd.Cancel = func() error { return endGroup(p.cmd.Process) }
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		p.err = p.cmd.Wait()
		if errors.Is(p.err, exec.ErrWaitDelay) {
			p.err = errLeft // it ended well, but its output stayed open
		}
		if killGroup(p.cmd.Process) && p.err == nil {
			p.err = errLeft
		}
		close(p.done)
	}()
	return p, nil
}

// run runs a command to its end and gives the end of its output.
func run(ctx context.Context, dir string, env, argv []string) ([]string, error) {
	p, err := launch(ctx, dir, env, argv)
	if err != nil {
		return nil, err
	}
	<-p.done
	if errors.Is(p.err, errLeft) && ctx.Err() == nil {
		p.err = nil // of a command that ended well this is nobody's concern
	}
	return p.output.lines(), p.problem(ctx)
}

// problem says how the process failed, in words that follow the command's name.
func (p *process) problem(ctx context.Context) error {
	var exit *exec.ExitError
	switch {
	case p.err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(p.err, &exit):
		return errors.New(strings.Replace(exit.Error(), "exit status", "exit code", 1))
	}
	return p.err
}

// lookPath finds a program in the folders of path, a PATH that is not our own.
func lookPath(name, path string) (string, error) {
	if strings.ContainsAny(name, `/\`) {
		return name, nil
	}
	for _, dir := range filepath.SplitList(path) {
		if dir == "" || !filepath.IsAbs(dir) {
			continue // as exec.LookPath: nothing from the current folder by accident
		}
		if found, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return found, nil
		}
	}
	return "", fmt.Errorf("%s is not installed", name)
}

// value is what env says about a variable; the last entry counts.
func value(env []string, name string) string {
	for _, e := range slices.Backward(env) {
		if k, v, _ := strings.Cut(e, "="); sameVariable(k, name) {
			return v
		}
	}
	return ""
}

// with gives env with a variable set, or without it where the value is empty.
func with(env []string, name, value string) []string {
	env = slices.DeleteFunc(slices.Clone(env), func(e string) bool {
		k, _, _ := strings.Cut(e, "=")
		return sameVariable(k, name)
	})
	if value == "" {
		return env
	}
	return append(env, name+"="+value)
}

// withPath gives env with folders first in PATH.
func withPath(env []string, dirs []string) []string {
	if len(dirs) == 0 {
		return env
	}
	all := slices.Clone(dirs)
	if rest := value(env, "PATH"); rest != "" {
		all = append(all, rest)
	}
	return with(env, "PATH", strings.Join(all, string(os.PathListSeparator)))
}

// tail keeps the last bytes of what is written to it.
type tail struct {
	mu sync.Mutex
	b  []byte
}

const tailBytes = 16 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, p...)
	if over := len(t.b) - 2*tailBytes; over > 0 {
		t.b = append(t.b[:0], t.b[len(t.b)-tailBytes:]...)
	}
	return len(p), nil
}

// shown is how many lines of a failed command's output are shown.
const shown = 20

// steering finds what colours a text or moves the cursor of a terminal.
var steering = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\x1b\[[0-9;?]*[ -/]*[@-~]`) })

// lines gives the last lines as they would stand there in the end, without colours,
// and without empty ones at the end.
func (t *tail) lines() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := strings.TrimRight(string(bytes.ToValidUTF8(t.b, []byte("?"))), "\r\n \t")
	if text == "" {
		return nil
	}
	lines := strings.Split(text, "\n")
	lines = lines[max(0, len(lines)-shown):]
	for i, l := range lines {
		l = strings.TrimRight(steering().ReplaceAllString(l, ""), "\r")
		lines[i] = l[strings.LastIndexByte(l, '\r')+1:]
	}
	return lines
}
