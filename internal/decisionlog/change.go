package decisionlog

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
)

// Change is one file of the repository to write, or to take away.
type Change struct {
	Path string // slash-separated
	Old  []byte // as it was read; nil if there was none
	New  []byte // nil if it goes away
}

// change gives the log with other files: a nil body takes one away.
func (l *Log) change(files map[string][]byte) *Log {
	n := *l
	n.files = maps.Clone(l.files)
	faults := map[string]string{}
	for _, e := range l.Entries {
		if e.fault != "" {
			faults[e.File] = e.fault
		}
	}
	for name, body := range files {
		if body == nil {
			delete(n.files, name)
		} else {
			n.files[name] = body
		}
	}
	n.index(l, faults)
	return &n
}

// finish rewrites the index, where it is ours to write, and gives what changed
// since the log was read.
func (l *Log) finish() []Change {
	if !l.IndexByHand() {
		if body, err := l.indexPage(); err == nil {
			l.files[indexName] = body
		}
	}
	var all []Change
	for _, name := range slices.Sorted(maps.Keys(l.files)) {
		if old, ok := l.original[name]; !ok || !bytes.Equal(old, l.files[name]) {
			all = append(all, Change{Path: l.path(name), Old: old, New: l.files[name]})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(l.original)) {
		if _, ok := l.files[name]; !ok {
			all = append(all, Change{Path: l.path(name), Old: l.original[name]})
		}
	}
	return all
}

// SetStatus gives a record another status, in all places that say it. Superseded
// is said by Supersede, which knows by what.
func (l *Log) SetStatus(number int, word string) ([]Change, error) {
	word = strings.ToLower(word)
	if word == Superseded {
		return nil, diag.New(diag.Usage, fmt.Sprintf("use stackinit adr supersede %d --by NUMBER", number), "a superseded record names the one that supersedes it")
	}
	if !slices.Contains(States, word) {
		return nil, unknownState(word)
	}
	e, err := l.Entry(number)
	if err != nil {
		return nil, err
	}
	if word == Accepted && e.Format == Madr && len(e.Deciders) == 0 {
		_, line := e.page.date()
		var d diag.List
		d.Add(diag.Pos{File: l.path(e.File), Line: line + 1, Col: 1}, "add decision-makers: [NAME] to the front matter, and * Deciders: NAME to the list", "an accepted record needs decision-makers, and this one names nobody")
		return nil, d.Err(diag.Usage)
	}
	body, err := e.page.setState(word, e.word(word))
	if err != nil {
		return nil, l.inFolder(err)
	}
	return l.change(map[string][]byte{e.File: body}).finish(), nil
}

// word is a status as the record's format writes it.
func (e *Entry) word(word string) string {
	if e.Format == Nygard {
		return strings.ToUpper(word[:1]) + word[1:]
	}
	return word
}

func unknownState(word string) error {
	return diag.New(diag.Usage, diag.DidYouMean(word, States), "%q is no status of a record", word)
}

// inFolder puts the folder in front of the file that an error names.
func (l *Log) inFolder(err error) error {
	var e *diag.Error
	if errors.As(err, &e) {
		for i := range e.Findings {
			if f := &e.Findings[i].Pos; f.File != "" && !strings.Contains(f.File, "/") {
				f.File = l.path(f.File)
			}
		}
	}
	return err
}

// Supersede makes record by the successor of record old, in both.
func (l *Log) Supersede(old, by int) ([]Change, error) {
	n, err := l.supersede(old, by)
	if err != nil {
		return nil, err
	}
	return n.finish(), nil
}

func (l *Log) supersede(old, by int) (*Log, error) {
	if old == by {
		return nil, diag.New(diag.Usage, "", "a record cannot supersede itself")
	}
	from, err := l.Entry(old)
	if err != nil {
		return nil, err
	}
	to, err := l.Entry(by)
	if err != nil {
		return nil, err
	}
	if from.Status == Superseded && from.SupersededBy != by && from.SupersededBy >= 0 {
		return nil, diag.New(diag.InTheWay, fmt.Sprintf("supersede that one: stackinit adr supersede %d --by %d", from.SupersededBy, by),
			"%s is superseded by %04d already", l.path(from.File), from.SupersededBy)
	}
	changed := map[string][]byte{}
	front, list := to.successor(from.Format)
	if changed[from.File], err = from.page.setState(front, list); err != nil {
		return nil, l.inFolder(err)
	}
	if !to.saysItSupersedes(from) {
		changed[to.File] = to.page.addBackLink(from)
	}
	return l.change(changed), nil
}

// successor is how a superseded record names e, in its front matter and in its
// list or section. The link's text is the whole slug, which is log4brains' key.
func (e *Entry) successor(format string) (front, list string) {
	if format == Nygard {
		return "", fmt.Sprintf("Superceded by [%s](%s)", e.heading(), e.File)
	}
	return fmt.Sprintf("superseded by ADR-%04d", e.Number), fmt.Sprintf("superseded by [%s](%s)", e.slug(), e.File)
}

func (e *Entry) saysItSupersedes(old *Entry) bool {
	for _, b := range e.backLinks() {
		if b.file() == old.File {
			return true
		}
	}
	return false
}

// Reindex writes the index anew; a page without the markers gets them at its end.
func (l *Log) Reindex() ([]Change, error) {
	body, err := l.indexPage()
	if err != nil {
		return nil, err
	}
	return l.change(map[string][]byte{indexName: body}).finish(), nil
}
