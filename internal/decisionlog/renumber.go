package decisionlog

import (
	"fmt"
	"slices"
	"strings"
)

// renumber gives every record whose number belongs to an earlier one the next free
// number, and lets everything that names it follow.
func (f *fixer) renumber() {
	rename, next := map[string]*moved{}, f.next()
	for _, group := range f.duplicates() {
		for _, e := range group[1:] {
			if e.fault != "" || next > lastNumber {
				continue
			}
			rename[e.File] = e.move(next)
			next++
		}
	}
	if len(rename) == 0 {
		return
	}
	changed := map[string][]byte{}
	for _, e := range f.Entries {
		if e.fault == "" {
			f.follow(e, rename, changed)
		}
	}
	if index, ok := f.files[indexName]; ok {
		changed[indexName] = read(indexName, index).retarget(rename)
	}
	for _, e := range f.Entries {
		if m := rename[e.File]; m != nil {
			f.say(e.File, "the number was taken, it is "+m.to+" now")
		}
	}
	f.Log = f.change(changed)
}

// move says what becomes of a record that gets another number.
func (e *Entry) move(number int) *moved {
	rest := strings.TrimLeft(e.File, "0123456789")
	m := &moved{from: e.File, to: fmt.Sprintf("%04d%s", number, rest), number: number, title: e.heading()}
	if k := numbered().FindStringSubmatch(m.title); k != nil {
		m.title = fmt.Sprintf("%d. %s", number, k[2])
	}
	return m
}

// follow writes one record of the log anew: its own number, if it moves, and what
// it says of records that do.
func (f *fixer) follow(e *Entry, rename map[string]*moved, changed map[string][]byte) {
	p, before := e.page, f.files[e.File]
	if next := f.namedSuccessor(e); next != nil && rename[next.File] != nil && p.frontState().word == Superseded {
		if src, err := p.setFront("status", fmt.Sprintf("superseded by ADR-%04d", rename[next.File].number)); err == nil {
			p = read(e.File, src)
		}
	}
	body := p.retarget(rename)
	m := rename[e.File]
	if m == nil {
		if string(body) != string(before) {
			changed[e.File] = body
		}
		return
	}
	moved := newEntry(m.to, body)
	for range 2 { // front matter and title
		if src := numberOf(moved); src != nil {
			moved = newEntry(m.to, src)
		}
	}
	changed[e.File], changed[m.to] = nil, []byte(strings.Join(moved.page.lines, ""))
}

// namedSuccessor is the record that supersedes e where its number alone could mean
// several: the one that the list links to, else the one that links back.
func (f *fixer) namedSuccessor(e *Entry) *Entry {
	s := e.page.frontState()
	if s.word != Superseded {
		return nil
	}
	for _, file := range []string{s.file, e.page.listState().file} {
		if next := f.byFile[file]; next != nil {
			return next
		}
	}
	claims := slices.DeleteFunc(slices.Clone(f.claims()[e.File]), func(c *Entry) bool { return c.Number != s.number })
	if len(claims) == 1 {
		return claims[0]
	}
	return nil
}
