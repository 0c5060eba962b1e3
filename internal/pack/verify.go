package pack

import (
	"maps"
	"regexp"
	"slices"
	"sync"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/strictyaml"
)

// Need is a tool that has to be on the machine of whoever works on the project.
type Need struct {
	Tool     string // node, npm, python or git
	Oldest   string // version that does; empty for any
	Bring    string // version that verify brings where the machine's does not do; may be empty
	Optional bool   // nothing of the project fails without it
}

var tools = []string{"node", "npm", "python", "git"}

// KnowsTool tells whether stackinit can look for a tool.
func KnowsTool(name string) bool { return slices.Contains(tools, name) }

// Verify says how a project proves itself: what is run, in which environment, and
// how its service is asked. In all texts $temp is a new folder, $port a free port,
// $port_NAME that of the part in the folder NAME, $secret a random text, $python the
// interpreter that was found.
type Verify struct {
	Env  map[string]string // of every command; an empty value takes a variable away
	Path []string          // folders below the project that come first in PATH
	// What is run, in this order. A failed Install or Build ends the run.
	Install, Build, Check, Test []Task
	Serve                       Serve
}

// Task is one command without a shell.
type Task struct {
	Run     []string
	Rather  []string // taken where its program is on the machine; may be empty
	Creates string   // nothing is run where this file is there; may be empty
}

// Serve is how the service is started and asked.
type Serve struct {
	Run         []string
	Env         map[string]string // on top of the other
	Live, Ready string            // paths that answer 200
}

// Phase is a named part of the run.
type Phase struct {
	Name  string
	Tasks []Task
	Ends  bool // nothing after it makes sense if it fails
}

// Phases gives the phases in order; one without tasks is there too.
func (v Verify) Phases() [4]Phase {
	return [4]Phase{{"install", v.Install, true}, {"build", v.Build, true}, {"check", v.Check, false}, {"test", v.Test, false}}
}

// leave is null in a manifest: the variable is as it is on the machine again,
// whatever a lower layer says.
const leave = "$leave"

// placeholder finds what stands for something else; only those that Verify names exist.
var placeholder = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\$(temp\b|port(_[a-z]+)?\b|secret\b|python\b)?`) })

func (d *decoder) needs(n strictyaml.Node) (all []Need) {
	d.each(func(n strictyaml.Node) {
		var need Need
		d.fields(n, map[string]func(strictyaml.Node){
			"tool": d.word(&need.Tool), "oldest": d.text(&need.Oldest), "bring": d.text(&need.Bring),
			"optional": func(n strictyaml.Node) {
				var err error
				need.Optional, err = n.Bool()
				d.take(err)
			},
		})
		if !KnowsTool(need.Tool) {
			d.list.Add(n.Pos(), diag.DidYouMean(need.Tool, tools), "stackinit cannot look for the tool %q", need.Tool)
		}
		all = append(all, need)
	})(n)
	return all
}

func (d *decoder) verify(n strictyaml.Node) (v Verify) {
	d.fields(n, map[string]func(strictyaml.Node){
		"env": d.env(&v.Env), "path": d.texts(&v.Path),
		"install": d.tasks(&v.Install), "build": d.tasks(&v.Build), "check": d.tasks(&v.Check), "test": d.tasks(&v.Test),
		"serve": func(n strictyaml.Node) {
			d.fields(n, map[string]func(strictyaml.Node){
				"run": d.argv(&v.Serve.Run), "env": d.env(&v.Serve.Env),
				"live": d.text(&v.Serve.Live), "ready": d.text(&v.Serve.Ready),
			})
		},
	})
	return v
}

func (d *decoder) tasks(to *[]Task) func(strictyaml.Node) {
	return d.each(func(n strictyaml.Node) {
		var t Task
		d.fields(n, map[string]func(strictyaml.Node){
			"run": d.argv(&t.Run), "rather": d.argv(&t.Rather), "creates": d.text(&t.Creates),
		})
		if len(t.Run) == 0 {
			d.list.Add(n.Pos(), "", "run is missing")
		}
		*to = append(*to, t)
	})
}

func (d *decoder) argv(to *[]string) func(strictyaml.Node) {
	return func(n strictyaml.Node) {
		d.texts(to)(n)
		for _, word := range *to {
			d.placeholders(n, word)
		}
	}
}

func (d *decoder) env(to *map[string]string) func(strictyaml.Node) {
	return func(n strictyaml.Node) {
		fields, err := n.Fields()
		d.take(err)
		*to = map[string]string{}
		for _, f := range fields {
			if f.Value.IsNull() {
				(*to)[f.Key] = leave
				continue
			}
			value, err := f.Value.Text()
			d.take(err)
			d.placeholders(f.Value, value)
			(*to)[f.Key] = value
		}
	}
}

// placeholders refuses a $ that stands for nothing.
func (d *decoder) placeholders(n strictyaml.Node, text string) {
	if slices.Contains(placeholder().FindAllString(text, -1), "$") {
		d.list.Add(n.Pos(), "one of: $temp, $port, $port_FOLDER, $secret, $python", "%q holds a $ that stands for nothing", text)
	}
}

// Needs gives the tools that the layers need, each once, in the order of the layers.
// What an upper layer says of a tool replaces what a lower one says.
func (p Pile) Needs() (all []Need) {
	for _, l := range p {
		for _, need := range l.Manifest.Needs {
			if i := slices.IndexFunc(all, func(n Need) bool { return n.Tool == need.Tool }); i >= 0 {
				all[i] = need
			} else {
				all = append(all, need)
			}
		}
	}
	return all
}

// Verify puts together what the layers say: lists and paths of an upper layer
// replace those below, variables are merged by name.
func (p Pile) Verify() Verify {
	all := Verify{Env: map[string]string{}, Serve: Serve{Env: map[string]string{}}}
	for _, l := range p {
		v := l.Manifest.Verify
		maps.Copy(all.Env, v.Env)
		maps.Copy(all.Serve.Env, v.Serve.Env)
		replace(&all.Path, v.Path)
		replace(&all.Install, v.Install)
		replace(&all.Build, v.Build)
		replace(&all.Check, v.Check)
		replace(&all.Test, v.Test)
		replace(&all.Serve.Run, v.Serve.Run)
		if v.Serve.Live != "" {
			all.Serve.Live = v.Serve.Live
		}
		if v.Serve.Ready != "" {
			all.Serve.Ready = v.Serve.Ready
		}
	}
	for _, env := range []map[string]string{all.Env, all.Serve.Env} {
		maps.DeleteFunc(env, func(_, value string) bool { return value == leave })
	}
	return all
}

func replace[T any](below *[]T, above []T) {
	if len(above) > 0 {
		*below = above
	}
}
