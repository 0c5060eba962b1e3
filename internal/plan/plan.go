// Package plan turns answers, a decision and a pile of layers into every file of
// a project, in memory. Everything that shows or makes a project reads the same
// Plan, so a dry run cannot differ from the real one. The package is pure: date,
// version and packs come in as values.
package plan

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/stackinit/stackinit/internal/decisionlog"
	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/names"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/recommend"
	"github.com/stackinit/stackinit/internal/render"
)

// Input is everything that a plan depends on.
type Input struct {
	Packs     fs.FS     // the layers and, under universe/, what lock files are cut from
	Team      pack.Pile // packs on top of the stack, the lowest first; without a stack they are the whole project
	Name      string
	Answers   interview.Answers    // complete: every question of the project has one
	Questions []interview.Question // of the project, in the order of the record
	Criteria  *recommend.Criteria
	Decision  recommend.Decision // without a stack if the project has none: it is made from packs alone
	Date      time.Time          // the day of the decision
	Version   string             // of stackinit
	Resolved  string             // the day up to which the universes were resolved, YYYY-MM-DD
	// Secret gives a new random secret of at least 50 letters, digits, - and _. It is
	// called once for each that the layers ask for.
	Secret func() string
}

// File is one file of the project.
type File struct {
	Path   string
	Mode   fs.FileMode // 0644, 0755, or 0600 of what only its owner may read
	Body   []byte
	Source string // the layer files, or the room, that it comes from
	Secret bool   // holds secrets: it belongs in no commit
	made   bool   // rendered or merged, so that its structure has to be proven
	theirs bool   // by a team's pack, whose own tests show whether it parses
}

// Plan is a project before it is written.
type Plan struct {
	Name    string
	Stack   string // what it is made from: the stack, and the packs on top of it
	Files   []File // sorted by path
	Message string // of the first commit
	Next    []string
	Needs   []pack.Need // tools that its people need
	After   string      // what the packs of a team say when the project is made; may be empty
	Tasks   []Task      // what they would run in it
}

// Task is a command that a pack would run in the finished project.
type Task struct {
	Pack string // its name
	Argv []string
}

// Bytes is the size of all files.
func (p *Plan) Bytes() (n int) {
	for _, f := range p.Files {
		n += len(f.Body)
	}
	return n
}

// Build makes the plan. Errors are *diag.Error: of kind Usage where an answer
// does not fit, Refused where a layer is at fault.
func Build(in Input) (*Plan, error) {
	sections, err := in.sections()
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	budget := render.NewBudget(context.Background()) // it is counted, not timed, and ends by itself
	whole := sections[0]
	all, err := whole.build(in, budget, sum)
	if err != nil {
		return nil, err
	}
	layers := slices.Clone(whole.pile)
	for _, s := range sections[1:] {
		layers = append(layers, s.pile...)
		t, err := s.build(in, budget, sum)
		if err != nil {
			return nil, err
		}
		if err := all.place(s.dir, t, in.Team); err != nil {
			return nil, err
		}
	}
	if err := in.addDocuments(all, sections, "sha256:"+hex.EncodeToString(sum.Sum(nil))); err != nil {
		return nil, err
	}
	p := &Plan{Name: in.Name, Stack: in.madeFrom(), Needs: layers.Needs(), Message: in.message()}
	if err := in.addTeam(p, whole.values, budget); err != nil {
		return nil, err
	}
	if p.Next == nil {
		p.Next = whole.pile.Next()
	}
	for _, path := range slices.Sorted(maps.Keys(all)) {
		p.Files = append(p.Files, all[path])
	}
	return p, checkPaths(p.Files)
}

// tree is the project's files by path.
type tree map[string]File

// checkPaths holds the rendered names against the portable grammar.
func checkPaths(files []File) error {
	paths := make([]string, len(files))
	for i, f := range files {
		if err := names.CheckPath(f.Path); err != nil {
			return diag.New(diag.Refused, "", "%s: %w", f.Source, err)
		}
		paths[i] = f.Path
	}
	var clash *names.Clash
	if errors.As(names.CheckTree(paths), &clash) {
		return diag.New(diag.Refused, "", "%s: %w", strings.Join(madeBelow(files, clash.Paths), " and "), clash)
	}
	return nil
}

// madeBelow names what the first file at or below each of the paths is made from.
func madeBelow(files []File, paths [2]string) (sources []string) {
	for _, p := range paths {
		i := slices.IndexFunc(files, func(f File) bool { return f.Path == p || strings.HasPrefix(f.Path, p+"/") })
		if i >= 0 {
			sources = append(sources, files[i].Source)
		}
	}
	return sources
}

// message is the first commit's: what was made and why, for people who read logs.
func (in Input) message() string {
	if in.Decision.Choice.Stack == "" {
		return fmt.Sprintf("Start %s from %s\n\nMade by stackinit %s.\n", in.Name, in.Team[len(in.Team)-1].Name, in.Version)
	}
	return fmt.Sprintf("Start %s from %s\n\nMade by stackinit %s. The choice is recorded in %s/.\n",
		in.Name, in.Decision.Choice.Stack, in.Version, decisionlog.Dir)
}
