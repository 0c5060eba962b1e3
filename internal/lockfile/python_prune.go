package lockfile

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Prune gives the requirements.txt of a project that wants exactly wants: each
// package that they reach, pinned, with its hashes, and with a marker where not
// every machine needs it. pip and uv both install it.
func (u *Python) Prune(wants []Want) ([]byte, error) {
	w := walk{u: u, when: map[need]condition{}, via: map[int]map[string]bool{}}
	for _, want := range wants {
		if _, err := u.Spec(want); err != nil {
			return nil, err
		}
		for _, i := range u.byName[want.Name] {
			and := with(with(nil, u.direct[want.Name].marker), u.packages[i].marker)
			if err := w.reach(pyEdge{to: i, extras: want.Extras}, and, "pyproject.toml"); err != nil {
				return nil, err
			}
		}
	}
	if err := w.run(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, header, u.requiresPython)
	for i, p := range u.packages {
		if c := w.when[need{i, ""}]; c != nil {
			p.write(&b, w.extras(i), c, slices.Sorted(maps.Keys(w.via[i])))
		}
	}
	return b.Bytes(), nil
}

// header leaves the file's name open, so that the lock for running and the one
// for development differ in their packages only.
const header = `# Made by stackinit from pyproject.toml; pinned and hashed, for Python %s on every platform.
# Install: uv pip sync FILE, or: pip install --require-hashes -r FILE
# Update: uv pip compile --universal --generate-hashes --upgrade pyproject.toml -o FILE
# (for the development file, add: --group dev)
`

func (p pyPackage) write(b *bytes.Buffer, extras []string, when condition, via []string) {
	b.WriteString(p.name)
	if len(extras) > 0 {
		b.WriteString("[" + strings.Join(extras, ",") + "]")
	}
	b.WriteString("==" + p.version)
	if m := when.String(); m != "" {
		b.WriteString(" ; " + m)
	}
	for _, h := range p.hashes {
		b.WriteString(" \\\n    --hash=" + h)
	}
	b.WriteString("\n    # via " + strings.Join(via, ", ") + "\n")
}

// need is a package or, if extra is not empty, one of its extras.
type need struct {
	pkg   int
	extra string
}

// walk finds out what is needed and when, by following every edge once for each
// way that the package before it can be needed.
type walk struct {
	u     *Python
	when  map[need]condition
	via   map[int]map[string]bool
	todo  []step // first in, first out: short ways come first and absorb long ones
	steps int
}

// step says: under and, need is needed; its own edges are still to be followed.
type step struct {
	need
	and []string
}

// The limits of a walk. Conditions grow exponentially with the markers in the
// worst case; in resolved sets of packages they have one or two alternatives.
const (
	maxMarkers      = 16      // in one "and"
	maxAlternatives = 64      // of one package
	maxSteps        = 1 << 16 // of the whole walk
)

func (w *walk) run() error {
	for len(w.todo) > 0 {
		s := w.todo[0]
		w.todo = w.todo[1:]
		p := w.u.packages[s.pkg]
		for _, e := range p.edges[s.extra] {
			if err := w.reach(e, with(s.and, e.marker), p.name); err != nil {
				return err
			}
		}
	}
	return nil
}

// extras lists those of a package that are needed wherever it is. They stand in its line,
// as pip before 23.3 takes a need for name[extra] for one that the line of name does not
// pin, and refuses the file as soon as there is a newer version. An extra that fewer
// machines need cannot stand there: the others lack the lines of what it needs.
func (w *walk) extras(pkg int) (list []string) {
	for n, c := range w.when {
		if n.pkg == pkg && n.extra != "" && c.String() == w.when[need{pkg, ""}].String() {
			list = append(list, n.extra)
		}
	}
	slices.Sort(list)
	return list
}

// reach notes that from needs the end of e under the markers of and.
func (w *walk) reach(e pyEdge, and []string, from string) error {
	if w.via[e.to] == nil {
		w.via[e.to] = map[string]bool{}
	}
	w.via[e.to][from] = true
	for _, extra := range append([]string{""}, e.extras...) {
		n := need{e.to, extra}
		c, added := w.when[n].or(and)
		if !added {
			continue
		}
		w.when[n] = c
		w.todo = append(w.todo, step{n, and})
		if w.steps++; w.steps > maxSteps || len(c) > maxAlternatives || len(and) > maxMarkers {
			return refused(remake, "Python universe: the markers of %s do not come down to a few alternatives", w.u.packages[e.to].name)
		}
	}
	return nil
}
