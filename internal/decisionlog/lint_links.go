package decisionlog

import (
	"path"
	"strings"
)

// backLink is a link to a record that another supersedes.
type backLink struct {
	link
	line int
}

var supersedes = pattern(`(?i)^(?:[*+-][ \t]+)?\**super[sc]edes\**:?\**[ \t]`)

// backLinks are the records that e says it supersedes.
func (e *Entry) backLinks() (list []backLink) {
	p := e.page
	for i := p.front.end; i < len(p.lines); i++ {
		if text := strings.TrimSpace(p.line(i)); !p.quiet[i] && supersedes().MatchString(text) {
			for _, k := range findLinks(text) {
				list = append(list, backLink{k, i})
			}
		}
	}
	return list
}

// links is L15 and L16.
func (l *linter) links(e *Entry) {
	if e.Status == Superseded {
		l.superseded(e)
	}
	for _, b := range e.backLinks() {
		old := l.byFile[b.file()]
		if old == nil || old.fault != "" {
			continue // L16 says so
		}
		if e.Format == Madr && b.text != old.slug() {
			l.add("L15", Error, e, b.line, "write ["+old.slug()+"]("+old.File+")", "the text of the link is not the whole name of the record")
		}
		if l.successorOf(old) != e {
			l.add("L15", Error, old, old.page.state().line, "stackinit adr supersede does both sides", "%s says that it supersedes this one, which does not say so", e.File)
		}
	}
	l.targets(e)
}

// superseded is the older side of L15.
func (l *linter) superseded(e *Entry) {
	p := e.page
	s := p.state()
	if s.number < 0 && s.file == "" {
		l.add("L15", Error, e, s.line, "write superseded by ADR-NNNN", "the record is superseded, but does not say by what")
		return
	}
	next := l.successorOf(e)
	if next == nil {
		l.add("L15", Error, e, s.line, "name a record that is there", "the record that supersedes this one is not there, or its number is not unique")
		return
	}
	if e.Format == Madr {
		for _, s := range []state{p.frontState(), p.listState()} {
			inList := s.given && s.line >= p.front.end
			if s.word == Superseded && (inList || s.file != "") && s.label != next.slug() {
				l.add("L15", Error, e, s.line, "write superseded by ["+next.slug()+"]("+next.File+")", "the text of the link is not the whole name of the record, which is its key for log4brains")
			}
		}
	}
	if next.fault == "" && !next.saysItSupersedes(e) {
		t, _ := next.page.title()
		l.add("L15", Error, next, t.line, "stackinit adr supersede does both sides", "%s says that this one supersedes it, and there is no link back", e.File)
	}
}

// targets is L16: links to files of the repository lead somewhere.
func (l *linter) targets(e *Entry) {
	p := e.page
	for i := p.front.end; i < len(p.lines); i++ {
		if p.quiet[i] {
			continue
		}
		for _, k := range findLinks(p.line(i)) {
			target, ok := k.relative()
			if !ok || strings.ContainsAny(target, "{}") { // a placeholder of a template
				continue
			}
			full := path.Join(l.Dir, target)
			if strings.HasPrefix(target, "/") {
				full = path.Clean(target[1:])
			}
			if strings.HasPrefix(full, "..") {
				continue // out of the repository, which is not looked at
			}
			if !l.resolves(full) {
				l.add("L16", Error, e, i, "correct the link, or take it out", "the link to %q leads nowhere", k.target)
			}
		}
	}
}

// resolves looks a path of the repository up, once. What this log's changes have
// made or taken away counts.
func (l *linter) resolves(full string) bool {
	if dir, name := path.Split(full); path.Clean(dir) == l.Dir {
		if _, ok := l.files[name]; ok {
			return true
		}
		if _, was := l.original[name]; was {
			return false
		}
	}
	known, ok := l.resolved[full]
	if !ok {
		known = l.exists(full)
		l.resolved[full] = known
	}
	return known
}
