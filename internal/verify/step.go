package verify

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/stackinit/stackinit/internal/diag"
)

// since gives seconds, to the hundredth.
func since(start time.Time) float64 { return math.Round(time.Since(start).Seconds()*100) / 100 }

// step runs one step under its time limit and reports it. What it could not do
// because the whole run ends is not reported.
func (r *runner) step(s Step, limit time.Duration, do func(context.Context, *Step) error) bool {
	if r.ctx.Err() != nil {
		return false
	}
	ctx, cancel := context.WithTimeoutCause(r.ctx, min(limit, r.Timeout), errLate)
	defer cancel()
	r.Begin(s)
	start := time.Now()
	err := do(ctx, &s)
	s.Seconds, s.Status = since(start), OK
	if r.ctx.Err() != nil {
		return false
	}
	if err != nil {
		s.Status, s.Note = Failed, err.Error()
	}
	r.add(s)
	return err == nil
}

func (r *runner) skip(s Step) {
	s.Status = Skipped
	r.add(s)
}

func (r *runner) add(s Step) {
	s.Output = append([]string{}, s.Output...) // [] in JSON, never null
	r.report.Steps = append(r.report.Steps, s)
	r.End(s)
}

// verdict is the error that the run comes to.
func (r *runner) verdict() error {
	if r.ctx.Err() != nil {
		kind := diag.Interrupted
		var cause *diag.Error
		if errors.As(context.Cause(r.ctx), &cause) {
			kind = cause.Kind
		}
		return diag.New(kind, "", "stopped, with all that was started")
	}
	var failed []string
	for _, s := range r.report.Steps {
		if s.Status == Failed {
			failed = append(failed, strings.TrimPrefix(s.Folder+": ", ".: ")+s.Name)
		}
	}
	r.report.OK = len(failed) == 0
	if r.report.OK {
		return nil
	}
	return diag.New(r.kind, "", "failed: %s", strings.Join(failed, ", "))
}

// tools looks for the tools and brings Node where that helps.
func (r *runner) tools() bool {
	var bring *Tool
	fine := r.step(Step{Folder: ".", Name: "tools"}, time.Minute, func(ctx context.Context, s *Step) error {
		r.report.Tools = Look(ctx, r.Needs, r.Place)
		var wrong []string
		for i, t := range r.report.Tools {
			if t.Name == "python" {
				r.python = t.path
				if t.Problem() != "" {
					r.python = t.instead
				}
			}
			switch {
			case t.Problem() == "" || t.need.Optional || t.instead != "":
			case t.need.Bring != "" && r.hasNpm():
				bring = &r.report.Tools[i]
			default:
				wrong = append(wrong, t.Problem())
				if line := "this helps: " + t.Mend; !slices.Contains(s.Output, line) {
					s.Output = append(s.Output, line)
				}
			}
		}
		if len(wrong) > 0 {
			r.kind = diag.Environment
			return errors.New(strings.Join(wrong, "; "))
		}
		s.Note = summary(r.report.Tools)
		return nil
	})
	if !fine || bring == nil {
		return fine
	}
	return r.step(Step{Folder: ".", Name: "node"}, r.Timeout, func(ctx context.Context, s *Step) error {
		bin, output, err := bringNode(ctx, r.Cache, bring.need.Bring, r.Env)
		if err != nil {
			r.kind, s.Output = diag.Environment, output
			return err
		}
		r.path = append(r.path, bin)
		s.Note = fmt.Sprintf("Node %s from %s is used", bring.need.Bring, r.Cache)
		return nil
	})
}

func (r *runner) hasNpm() bool {
	return slices.ContainsFunc(r.report.Tools, func(t Tool) bool { return t.Name == "npm" && t.Status == Fine })
}

// summary names the tools and their versions.
func summary(tools []Tool) string {
	var all []string
	for _, t := range tools {
		text := strings.TrimSpace(title(t.Name) + " " + t.Version)
		if t.Status == Missing {
			text = "no " + title(t.Name)
		}
		if t.Status == Old {
			text += " (too old)"
		}
		if t.instead != "" {
			text += " (" + base(t.instead) + " is used instead)"
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

// told adds what the service printed where something went wrong with it.
func (r *runner) told(p *part, s *Step, err error) error {
	if err != nil {
		s.Output, s.Repeat = p.service.output.lines(), r.repeat(p, p.Serve.Env, p.Serve.Run)
	}
	return err
}

// env is the environment of a part's commands: that of the machine, with what the
// layers say, and what was brought or installed first in PATH.
func (r *runner) env(p *part, layers ...map[string]string) []string {
	env := withPath(r.Env, r.path)
	var own []string
	for _, dir := range p.Path {
		own = append(own, filepath.Join(r.Place.Dir, p.Folder, filepath.FromSlash(dir)))
	}
	env = withPath(env, own)
	env = with(env, "NO_COLOR", "1") // the output is read later, and elsewhere
	env = with(env, "FORCE_COLOR", "")
	for _, layer := range layers {
		for name, value := range layer {
			env = with(env, name, p.values.Replace(value))
		}
	}
	return env
}

func expand(argv []string, values *strings.Replacer) []string {
	all := make([]string, len(argv))
	for i, word := range argv {
		all[i] = values.Replace(word)
	}
	return all
}

// repeat is a line for a POSIX shell that does the same from where the user stands.
func (r *runner) repeat(p *part, env map[string]string, argv []string) string {
	var words []string
	path := slices.Clone(r.path)
	for _, dir := range p.Path {
		if there(filepath.Join(r.Place.Dir, p.Folder, dir)) {
			path = append(path, dir)
		}
	}
	if len(path) > 0 {
		words = append(words, "PATH="+Quote(strings.Join(path, ":"))+`:"$PATH"`)
	}
	for _, name := range slices.Sorted(maps.Keys(env)) {
		words = append(words, name+"="+p.typed.Replace(env[name]))
	}
	for _, word := range argv {
		if !strings.Contains(word, "$temp") {
			word = Quote(p.typed.Replace(word))
		} else {
			word = p.typed.Replace(word)
		}
		words = append(words, word)
	}
	line := strings.Join(words, " ")
	if dir := filepath.Join(r.Place.Name, p.Folder); dir != "." {
		line = "cd " + Quote(dir) + " && " + line
	}
	return line
}

// Quote quotes a word for a POSIX shell if it needs that.
func Quote(s string) string {
	safe := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_=./,:@+", r)
	}
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !safe(r) }) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// unreachable tells by what npm, pip and uv print whether it was the network.
func unreachable(output []string) bool {
	text := strings.Join(output, "\n")
	return slices.ContainsFunc([]string{
		"ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "ERR_SOCKET_TIMEOUT", // npm
		"NewConnectionError", "ConnectTimeoutError", "Max retries exceeded", "Temporary failure in name resolution", // pip
		"error sending request", "dns error", "Failed to fetch", // uv
	}, func(sign string) bool { return strings.Contains(text, sign) })
}
