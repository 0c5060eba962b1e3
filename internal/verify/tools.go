package verify

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"

	"github.com/stackinit/stackinit/internal/pack"
)

// Status is how a tool of the machine does for a project.
type Status string

// The states of a tool.
const (
	Fine       Status = "ok"
	Missing    Status = "missing"
	Old        Status = "old"
	Incomplete Status = "incomplete" // a Python that cannot make virtual environments
	Unknown    Status = "unknown"    // it is there, but does not tell its version in time
)

// Tool is a tool of this machine, held against what a project needs.
type Tool struct {
	Name    string `json:"name"`
	Status  Status `json:"status"`
	Version string `json:"version"` // empty where it is not known
	Oldest  string `json:"oldest"`  // that does; empty for any
	Mend    string `json:"mend"`    // command that mends it; empty where nothing is wrong
	path    string
	own     bool   // the project's own .venv has it
	instead string // what verify takes in its place: another interpreter, or uv
	need    pack.Need
}

// Problem is what is wrong with the tool in one sentence, or nothing.
func (t Tool) Problem() string {
	name := title(t.Name)
	switch t.Status {
	case Missing:
		if t.Oldest != "" {
			return fmt.Sprintf("%s is not installed; the project needs %s or newer", name, t.Oldest)
		}
		return name + " is not installed"
	case Old:
		return fmt.Sprintf("%s %s%s is too old: the project needs %s or newer", name, t.Version, map[bool]string{true: " in .venv"}[t.own], t.Oldest)
	case Incomplete:
		return fmt.Sprintf("%s %s cannot make virtual environments: ensurepip is missing", name, t.Version)
	}
	return ""
}

// title is a tool's name in a sentence.
func title(tool string) string {
	switch tool {
	case "node":
		return "Node"
	case "python":
		return "Python"
	}
	return tool
}

// Place is the project that the tools are for.
type Place struct {
	Dir  string   // its folder
	Name string   // how the folder is named from where the user stands
	Next []string // commands that start it, for a line that mends
}

// Look looks for the tools, side by side; it takes as long as ctx allows at most.
func Look(ctx context.Context, needs []pack.Need, place Place) []Tool {
	tools := make([]Tool, len(needs))
	var all sync.WaitGroup
	for i, need := range needs {
		all.Go(func() { tools[i] = look(ctx, need, place.Dir) })
	}
	all.Wait()
	hasNpm := slices.ContainsFunc(tools, func(t Tool) bool { return t.Name == "npm" && t.Status == Fine })
	for i := range tools {
		if tools[i].Problem() != "" {
			tools[i].Mend = mend(tools[i], place, hasNpm)
		}
	}
	return tools
}

func look(ctx context.Context, need pack.Need, dir string) Tool {
	t := Tool{Name: need.Tool, Oldest: need.Oldest, need: need}
	if need.Tool == "python" {
		return lookPython(ctx, t, dir)
	}
	path, err := exec.LookPath(need.Tool)
	if err != nil {
		t.Status = Missing
		return t
	}
	t.path = path
	switch need.Tool {
	case "node":
		t.Version = nodeVersion(ctx, path)
	case "npm":
		t.Version = npmVersion(path)
	case "git":
		t.Version = gitVersion(ctx, path)
	}
	t.judge()
	return t
}

// judge holds the version against the oldest that does.
func (t *Tool) judge() {
	switch {
	case t.Version == "" && t.Oldest != "":
		t.Status = Unknown
	case older(t.Version, t.Oldest):
		t.Status = Old
	default:
		t.Status = Fine
	}
}

// lookPython takes the project's own virtual environment where there is one, else
// python3, and where that will not do looks for what will.
func lookPython(ctx context.Context, t Tool, dir string) Tool {
	for _, own := range []string{".venv/bin/python", ".venv/Scripts/python.exe"} {
		p := filepath.Join(dir, filepath.FromSlash(own))
		if _, err := os.Stat(p); err == nil {
			if version, _ := pythonVersion(ctx, p); version != "" {
				t.path, t.Version, t.own = p, version, true
				t.judge()
				return t
			}
		}
	}
	t.Status = Missing
	for _, name := range []string{"python3", "python"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		version, complete := pythonVersion(ctx, path)
		if version == "" && name == "python3" && ctx.Err() == nil {
			continue // a shim without an interpreter, or the stub that Windows has
		}
		t.path, t.Version = path, version
		if t.judge(); t.Status == Fine && !complete {
			t.Status = Incomplete
		}
		break
	}
	if t.Status != Fine && t.Status != Unknown {
		t.instead = otherPython(ctx, t.Oldest)
	}
	return t
}

// otherPython gives uv, which brings a Python, or an interpreter by another name.
func otherPython(ctx context.Context, oldest string) string {
	if path, err := exec.LookPath("uv"); err == nil {
		return path
	}
	for minor := 16; minor > 10; minor-- {
		if path, err := exec.LookPath(fmt.Sprintf("python3.%d", minor)); err == nil {
			if version, complete := pythonVersion(ctx, path); complete && !older(version, oldest) {
				return path
			}
		}
	}
	return ""
}
