package cli

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/prompt"
	"github.com/stackinit/stackinit/internal/recommend"
	"github.com/stackinit/stackinit/internal/record"
	"github.com/stackinit/stackinit/internal/source"
)

// team is the packs of a team that a project is made with.
type team struct {
	pile pack.Pile            // the lowest first; empty without --template
	own  []interview.Question // those that the packs add
	size int                  // bytes of all their files
}

// maxPacks bounds a chain of packs that extend each other, and so ends a circle.
const maxPacks = 8

// alone tells whether the packs are the whole project, with no stack below them.
func (t team) alone() bool { return len(t.pile) > 0 && len(t.pile[0].Team.Stacks) == 0 }

// top is the pack that was asked for.
func (t team) top() *pack.Layer { return t.pile[len(t.pile)-1] }

// stacks are the built-in stacks that the packs may stand on, all without packs.
func (t team) stacks(all []interview.Starter) ([]interview.Starter, error) {
	if len(t.pile) == 0 {
		return all, nil
	}
	var some []interview.Starter
	for _, name := range t.pile[0].Team.Stacks {
		i := slices.IndexFunc(all, func(s interview.Starter) bool { return s.Stack == name })
		if i < 0 {
			names := make([]string, len(all))
			for i, s := range all {
				names[i] = s.Stack
			}
			var list diag.List
			list.Add(t.pile[0].Manifest.At["extends"], diag.DidYouMean(name, names), "the pack %s extends %q, which is no stack of stackinit", t.pile[0].Name, name)
			return nil, list.Err(diag.Refused)
		}
		some = append(some, all[i])
	}
	return some, nil
}

// join makes an interview that of a project with these packs: their stacks alone,
// their choices, and the questions that they add.
func (t *team) join(iv *interview.Interview) (err error) {
	if iv.Starters, err = t.stacks(iv.Starters); err != nil || len(t.pile) == 0 {
		return err
	}
	if t.alone() {
		iv.Project = slices.DeleteFunc(iv.Project, func(q interview.Question) bool {
			return q.Kind != interview.Text || q.Quiet || q.Key != "author" && t.asks(q.Key)
		})
	} else {
		iv.Instead = fmt.Sprintf("The template pack %s stands on %s only.", t.top().Name, strings.Join(t.pile[0].Team.Stacks, ", "))
	}
	before := iv.Known()
	if t.alone() {
		before = iv.Project
	}
	if err = t.pile.CheckPolicy(before); err != nil {
		return err
	}
	if iv.Project, err = t.pile.Reshape(iv.Project); err != nil {
		return err
	}
	for i := range iv.Starters {
		if iv.Starters[i].Options, err = t.pile.Reshape(iv.Starters[i].Options); err != nil {
			return err
		}
	}
	for _, q := range interview.DecisionQuestions(iv.Criteria) {
		if t.asks(q.Key) {
			return diag.New(diag.Refused, "give it another name", "a pack asks %s, which stackinit asks itself", q.Key)
		}
	}
	known := iv.Known()
	if t.alone() {
		known = iv.Project
	}
	t.own, err = t.pile.Own(known)
	return err
}

// asks tells whether one of the packs has a question of that key.
func (t *team) asks(key string) bool {
	return slices.ContainsFunc(t.pile, func(l *pack.Layer) bool {
		return slices.ContainsFunc(l.Questions, func(q interview.Question) bool { return q.Key == key })
	})
}

// criteria gives the criteria of the uppermost pack that brings any, or the built-in ones.
func (t team) criteria() (*recommend.Criteria, error) {
	if t.alone() { // nothing is decided, so nothing is asked and nothing read
		return &recommend.Criteria{}, nil
	}
	for _, l := range slices.Backward(t.pile) {
		if l.Criteria != nil {
			return teamCriteriaOf(l.Pin.Source+"/"+l.Team.Criteria, l.Criteria)
		}
	}
	return recommend.Embedded(), nil
}

// pins are what the record keeps of the packs.
func (t team) pins() []record.Template {
	pins := []record.Template{}
	for _, l := range t.pile {
		pins = append(pins, record.Template{Name: l.Name, Source: l.Pin.Source, Commit: l.Pin.Commit, Digest: l.Pin.Digest})
	}
	return pins
}

// openPacks reads the pack that was asked for and those that it extends.
func (a *app) openPacks(ctx context.Context, text string) (team, error) {
	if text == "" {
		return team{}, nil
	}
	tree, err := a.openTree(ctx, text)
	if err != nil {
		return team{}, err
	}
	return a.packsOf(ctx, tree)
}

// openTree reads all files of a pack's folder, or of a repository of several packs.
func (a *app) openTree(ctx context.Context, text string) (*pack.Tree, error) {
	list, err := templateNames()
	if err != nil {
		return nil, err
	}
	spec, err := source.Parse(text, list)
	if err != nil {
		return nil, err
	}
	return a.store(spec).Open(ctx, spec)
}

// packsOf is the pack of a tree with those that it extends.
func (a *app) packsOf(ctx context.Context, tree *pack.Tree) (team, error) {
	spec, err := source.Parse(tree.Pin.Source, nil)
	if err != nil {
		return team{}, err
	}
	var t team
	for {
		if err := t.add(tree); err != nil {
			return team{}, err
		}
		base := t.pile[0].Team.Base
		if base.Source == "" {
			return t, nil
		}
		if len(t.pile) == maxPacks {
			return team{}, diag.New(diag.Refused, "", "the pack %s extends more than %d others; is there a circle?", t.top().Name, maxPacks-1)
		}
		if spec, err = spec.At(tree.Pin.Commit).Join(base.Source); err != nil {
			return team{}, err
		}
		if tree, err = a.store(spec).Open(ctx, spec); err != nil {
			return team{}, err
		}
		if base.Digest != "" && tree.Pin.Digest != base.Digest {
			return team{}, diag.New(diag.Refused, "if the new one is meant, write its digest", "the pack %s extends %s with the digest %s; it is %s", t.pile[0].Name, tree.Pin.Source, base.Digest, tree.Pin.Digest)
		}
	}
}

// reopenPacks reads the packs of a record, exactly those bytes.
func (a *app) reopenPacks(ctx context.Context, pins []record.Template) (team, error) {
	var t team
	for _, pin := range slices.Backward(pins) {
		spec, _ := source.Parse(pin.Source, nil) // what is wrong with it, OpenPin says
		tree, err := a.store(spec).OpenPin(ctx, pack.Pin{Source: pin.Source, Commit: pin.Commit, Digest: pin.Digest})
		if err != nil {
			return team{}, err
		}
		if err := t.add(tree); err != nil {
			return team{}, err
		}
	}
	return t, nil
}

// largePack is when packs' files make up most of the memory, in bytes. Main lets garbage
// pile up to many times what is in use, which is too much then.
const largePack = 4 << 20

// spare is what the program may take beside a large pack and the project made of it, in
// bytes. A limit costs a tenth of the time that a small GC percentage does for the same
// peak: there is garbage to collect only when it is reached.
const spare = 17 << 20

// limitMemory keeps the garbage of large packs small.
func (t team) limitMemory() {
	size := 0
	for _, l := range t.pile {
		for _, f := range l.Files {
			size += len(f.Body)
		}
	}
	if size > largePack {
		debug.SetGCPercent(100)
		debug.SetMemoryLimit(int64(2*size + spare))
	}
}

// forget lets go of the files of packs, of which nothing is read once the plan is made:
// they would stand in memory beside the project while it is written.
func (t team) forget() {
	for _, l := range t.pile {
		l.Files, l.Partials = nil, nil
	}
}

// add puts a pack below those that are there.
func (t *team) add(tree *pack.Tree) error {
	for _, f := range tree.Files {
		t.size += len(f.Body)
	}
	if t.size > pack.MaxTree {
		return diag.New(diag.Refused, "", "with %s the packs on each other hold more than %d MiB", tree.Pin.Source, pack.MaxTree>>20)
	}
	l, err := pack.FromTree(tree)
	if err != nil {
		return err
	}
	t.pile = slices.Insert(t.pile, 0, l)
	t.limitMemory()
	return l.CheckVersion(buildVersion())
}

// store is where the pack comes from. STACKINIT_OFFLINE, whatever its value, keeps it from
// the network.
func (a *app) store(spec source.Spec) *source.Store {
	s := &source.Store{
		Env: os.Environ(), Offline: os.Getenv("STACKINIT_OFFLINE") != "",
		Terminal: prompt.IsTerminal(a.In) && prompt.IsTerminal(a.Err),
		Say:      func(line string) { _, _ = fmt.Fprintln(a.Err, clean(line)) }, // a hint only
	}
	if cache, err := os.UserCacheDir(); err == nil {
		s.Cache = filepath.Join(cache, "stackinit", "packs")
	}
	if spec.IsFolder() {
		return s // git is never asked
	}
	if git, err := exec.LookPath("git"); err == nil {
		s.Git = git
	}
	return s
}
