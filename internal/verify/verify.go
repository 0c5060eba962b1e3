// Package verify runs a generated project: it looks for the tools, installs from the
// lock, runs checks and tests, starts the service, asks its health and stops it. It
// runs only what the layers of the project say, and ends all that it started.
package verify

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
)

// Options is what a run works on.
type Options struct {
	Place   Place
	Needs   []pack.Need
	Parts   []Part
	Install bool          // from the lock; otherwise what is installed is taken
	Timeout time.Duration // of a step
	Cache   string        // stackinit's folder in the user's cache
	Env     []string      // of the machine
	Begin   func(Step)    // told before a step
	End     func(Step)    // and after it
}

// Part is a folder of the project that has commands and a service of its own.
type Part struct {
	Folder string // "." is the project's own
	pack.Verify
}

// Step is one line of the report.
type Step struct {
	Folder  string   `json:"folder"`
	Name    string   `json:"name"`
	Status  string   `json:"status"` // ok, failed or skipped
	Seconds float64  `json:"seconds"`
	Note    string   `json:"note"`   // what there is to say of it; of a failed one, why
	Output  []string `json:"output"` // the end of a failed command's output
	Repeat  string   `json:"repeat"` // a POSIX shell's line that does a failed one again
}

// The states of a step.
const (
	OK      = "ok"
	Failed  = "failed"
	Skipped = "skipped"
)

// Report is how a run went.
type Report struct {
	OK      bool    `json:"ok"`
	Seconds float64 `json:"seconds"`
	Tools   []Tool  `json:"tools"`
	Steps   []Step  `json:"steps"`
}

// errLate is the cause of a step that takes too long.
var errLate = errors.New("it takes longer than --timeout allows")

// runner is a run.
type runner struct {
	Options
	ctx    context.Context
	start  time.Time
	report *Report
	temp   string   // folder that is gone afterwards
	path   []string // folders of programs that were brought
	python string   // the interpreter
	parts  []*part
	kind   diag.Kind // of the failures
}

// part is a part with what a run chose for it.
type part struct {
	Part
	port    string
	values  *strings.Replacer // of the placeholders
	typed   *strings.Replacer // of the placeholders, in a line to type
	broken  bool              // install or build failed
	service *process
}

// Run verifies a project. There is always a report; the error says what it comes to,
// and is of kind Environment where the machine is at fault, Findings where the
// project is, or the cause of ctx's end.
func Run(ctx context.Context, o Options) (*Report, error) {
	r := &runner{Options: o, ctx: ctx, start: time.Now(), report: &Report{Tools: []Tool{}, Steps: []Step{}}, kind: diag.Findings}
	var err error
	if r.temp, err = os.MkdirTemp("", "stackinit-verify-"); err != nil {
		return r.report, diag.New(diag.Environment, "", "no temporary folder can be made: %w", err)
	}
	defer func() { _ = os.RemoveAll(r.temp) }() // it is in the temporary folder, which is cleaned anyway
	if r.tools() {
		if err := r.choose(); err != nil {
			return r.report, err
		}
		r.phases()
		r.services()
	}
	r.report.Seconds = since(r.start)
	return r.report, r.verdict()
}

// choose takes ports, folders and secrets for all parts.
func (r *runner) choose() error {
	ports, err := freePorts(len(r.Parts))
	if err != nil {
		return diag.New(diag.Environment, "", "no port is free: %w", err)
	}
	var same []string // placeholders that all parts have, with what they stand for
	for i, p := range r.Parts {
		same = append(same, "$port_"+p.Folder, ports[i])
	}
	same = append(same, "$python", r.python)
	for i, p := range r.Parts {
		temp := filepath.Join(r.temp, fmt.Sprint(i))
		if err := os.Mkdir(temp, 0o700); err != nil {
			return diag.New(diag.Environment, "", "no temporary folder can be made: %w", err)
		}
		with := func(more ...string) *strings.Replacer { return strings.NewReplacer(slices.Concat(same, more)...) }
		r.parts = append(r.parts, &part{
			Part: p, port: ports[i],
			values: with("$port", ports[i], "$temp", filepath.ToSlash(temp), "$secret", rand.Text()+rand.Text()+rand.Text()),
			typed:  with("$port", ports[i], "$temp", "$(mktemp -d)", "$secret", "$(openssl rand -hex 32)"),
		})
	}
	return nil
}

// phases runs the commands of all parts: first every part is installed, as the tests
// of one may start another.
func (r *runner) phases() {
	for i := range (pack.Verify{}).Phases() {
		for _, p := range r.parts {
			if phase := p.Phases()[i]; len(phase.Tasks) > 0 {
				r.phase(p, phase)
			}
		}
	}
}

func (r *runner) phase(p *part, phase pack.Phase) {
	s := Step{Folder: p.Folder, Name: phase.Name}
	if p.broken || phase.Name == "install" && !r.Install {
		r.skip(s)
		return
	}
	ok := r.step(s, r.Timeout, func(ctx context.Context, s *Step) error {
		for _, task := range phase.Tasks {
			if err := r.task(ctx, p, task, s); err != nil {
				return err
			}
		}
		return nil
	})
	p.broken = p.broken || !ok && phase.Ends
}

// task runs one command of a phase.
func (r *runner) task(ctx context.Context, p *part, t pack.Task, s *Step) error {
	dir := filepath.Join(r.Place.Dir, p.Folder)
	made := filepath.Join(dir, filepath.FromSlash(t.Creates))
	if t.Creates != "" && there(made) {
		return nil
	}
	env := r.env(p, p.Env)
	argv := t.Run
	if len(t.Rather) > 0 {
		if _, err := lookPath(t.Rather[0], value(env, "PATH")); err == nil {
			argv = t.Rather
		}
	}
	output, err := run(ctx, dir, env, expand(argv, p.values))
	if err == nil {
		return nil
	}
	if t.Creates != "" {
		_ = os.RemoveAll(made) // half made, by us
	}
	s.Output, s.Repeat = output, r.repeat(p, nil, argv)
	if s.Name == "install" && unreachable(output) {
		r.kind = diag.Environment
	}
	return fmt.Errorf("%s: %w", argv[0], err)
}

// services starts the parts' services in order, asks them, and stops them in the
// opposite order. When it returns, none of them is left.
func (r *runner) services() {
	ctx, cancel := context.WithCancel(r.ctx)
	defer func() {
		cancel()
		for _, p := range r.parts {
			if p.service != nil {
				<-p.service.done
			}
		}
	}()
	for _, p := range r.parts {
		if len(p.Serve.Run) > 0 && !r.begin(ctx, p) {
			return
		}
	}
	for _, p := range r.running() {
		r.step(Step{Folder: p.Folder, Name: "health"}, patience, func(ctx context.Context, s *Step) error {
			return r.told(p, s, p.service.answers(ctx, p.port, p.Serve.Ready))
		})
	}
	for _, p := range slices.Backward(r.running()) {
		r.step(Step{Folder: p.Folder, Name: "stop"}, patience, func(ctx context.Context, s *Step) error {
			return r.told(p, s, p.service.stop(ctx))
		})
	}
}

// begin starts the service of a part and waits until it lives.
func (r *runner) begin(run context.Context, p *part) bool {
	s := Step{Folder: p.Folder, Name: "start"}
	if slices.ContainsFunc(r.parts, func(p *part) bool { return p.broken }) {
		r.skip(s)
		return false
	}
	return r.step(s, patience, func(ctx context.Context, s *Step) (err error) {
		env := r.env(p, p.Env, p.Serve.Env)
		// Under the context of the run, since it outlives this step.
		p.service, err = launch(run, filepath.Join(r.Place.Dir, p.Folder), env, expand(p.Serve.Run, p.values))
		if err != nil {
			return fmt.Errorf("%s: %w", p.Serve.Run[0], err)
		}
		return r.told(p, s, p.service.answers(ctx, p.port, p.Serve.Live))
	})
}

// running gives the parts that have a service.
func (r *runner) running() []*part {
	return slices.DeleteFunc(slices.Clone(r.parts), func(p *part) bool { return p.service == nil })
}
