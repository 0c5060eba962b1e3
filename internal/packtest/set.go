// Package packtest is how template packs are tested: answer sets with the files that
// are expected of them, rows of answers in which every pair of choices comes up, and
// the comparison of what is made with what is expected.
package packtest

import (
	"errors"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/names"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/strictyaml"
)

// Dir is the folder of a pack that holds its tests.
const Dir = "tests"

// What a test is made with unless it says otherwise: a year in a licence must not
// make it fail in January.
const (
	DefaultName = "my-service"
	DefaultDate = "2026-01-01"
)

// Set is a test: answers, and what the project made from them has to be.
type Set struct {
	Name    string             // of the file, without .yaml; the expected files lie in the folder of that name
	File    string             // below the pack
	Stack   string             // empty: the first that the pack may stand on
	Project string             // the project's name
	Date    time.Time          // of the decision, in UTC
	Answers []strictyaml.Field // held against the questions by whoever knows them
	Absent  []string           // globs of files that the project must not have
	Refused string             // the project must be refused, in words that hold this text; may be empty
}

// Defaults is the test of a pack that has none: every question has its default.
func Defaults() Set {
	date, _ := time.Parse(time.DateOnly, DefaultDate)
	return Set{Name: "defaults", Project: DefaultName, Date: date}
}

// Sets reads the tests of a pack, sorted by name. The error lists everything that is
// wrong with them, and is of kind Refused.
func Sets(tree *pack.Tree) (sets []Set, err error) {
	var list diag.List
	for _, f := range tree.Files {
		name, ok := strings.CutSuffix(f.Path, ".yaml")
		if dir, base := path.Split(name); ok && dir == Dir+"/" {
			if err := names.CheckPath(base); err != nil { // a folder of that name is written to
				list.Add(diag.Pos{File: tree.Pin.Source + "/" + f.Path}, "", "a test cannot be called %q: %v", base, err)
				continue
			}
			set := Defaults()
			set.Name, set.File = base, f.Path
			set.read(tree.Pin.Source+"/"+f.Path, f.Body, &list)
			sets = append(sets, set)
		}
	}
	return sets, list.Err(diag.Refused)
}

func (s *Set) read(file string, src []byte, list *diag.List) {
	take := func(err error) {
		var e *diag.Error
		if errors.As(err, &e) {
			for _, f := range e.Findings {
				list.Add(f.Pos, f.Hint, "%s", f.Text)
			}
		}
	}
	root, err := strictyaml.Parse(file, src)
	if err != nil {
		take(err)
		return
	}
	fields, err := root.Fields()
	take(err)
	for _, f := range fields {
		var err error
		switch f.Key {
		case "stack":
			s.Stack, err = f.Value.Text()
		case "name":
			if s.Project, err = f.Value.Text(); err == nil {
				err = at(f.Value.Pos(), names.CheckProject(s.Project))
			}
		case "date":
			var text string
			if text, err = f.Value.Text(); err == nil {
				if s.Date, err = time.Parse(time.DateOnly, text); err != nil {
					err = at(f.Value.Pos(), diag.New(diag.Refused, "write it as 2026-01-31", "%q is no day", text))
				}
			}
		case "answers":
			s.Answers, err = f.Value.Fields()
		case "absent":
			if s.Absent, err = f.Value.Texts(); err == nil {
				err = at(f.Value.Pos(), pack.CheckGlobs(s.Absent))
			}
		case "refused":
			s.Refused, err = f.Value.Text()
		default:
			known := []string{"stack", "name", "date", "answers", "absent", "refused"}
			list.Add(f.At, diag.DidYouMean(f.Key, known), "unknown key %q", f.Key)
		}
		take(err)
	}
}

// at puts the place to an error that has none.
func at(pos diag.Pos, err error) error {
	var e *diag.Error
	if errors.As(err, &e) {
		for i := range e.Findings {
			e.Findings[i].Pos = pos
		}
	}
	return err
}

// Expected gives the expected files of a set by path, and whether there are any.
func (s Set) Expected(tree *pack.Tree) (files map[string][]byte, any bool) {
	files = map[string][]byte{}
	for _, f := range tree.Files {
		if below, ok := strings.CutPrefix(f.Path, Dir+"/"+s.Name+"/"); ok {
			files[below] = f.Body
		}
	}
	return files, len(files) > 0
}

// Stray names the folders of expected files that no set has, sorted.
func Stray(tree *pack.Tree, sets []Set) (dirs []string) {
	for _, f := range tree.Files {
		below, ok := strings.CutPrefix(f.Path, Dir+"/")
		dir, _, deeper := strings.Cut(below, "/")
		if ok && deeper && !slices.Contains(dirs, dir) && !slices.ContainsFunc(sets, func(s Set) bool { return s.Name == dir }) {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}
