package decisionlog

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/stackinit/stackinit/internal/diag"
)

// folders are where logs are when no .adr-dir says so: ours and log4brains', then
// adr-tools', then MADR's.
var folders = []string{Dir, "doc/adr", "docs/decisions"}

// reserved are names in the folder that are never records.
var reserved = []string{"README.md", "template.md", "index.md", "answers.yaml", "criteria.yaml"}

// maxRecord is the largest record that is read, in bytes.
const maxRecord = 1 << 20

// Log is the decision records of one folder as they were read.
type Log struct {
	Dir     string    // slash path in the repository
	Entries []*Entry  // by number, then by file name
	Skipped []Skipped // what is in the folder besides, in the order of names

	files    map[string][]byte // by name in the folder: records, README.md and template.md
	exists   func(p string) bool
	found    bool              // the folder is there
	pointer  bool              // .adr-dir is there
	original map[string][]byte // files as they were read
	noIndex  bool              // README.md cannot be read
	byFile   map[string]*Entry
	byNumber map[int][]*Entry
}

// Entry is one record of a log.
type Entry struct {
	File         string // name in the folder
	Number       int    // of the name; -1 if it has none
	Title        string // Markdown, without a number
	Status       string // one of States, or Unknown
	SupersededBy int    // number; -1 if it is not superseded or does not say by what
	Date         string // as it stands there
	Deciders     []string
	Tags         []string
	ReviewBy     string // as it stands there; empty if it does not say
	Format       string // Madr or Nygard

	page  *page
	fault string // why it cannot be read at all
}

// Skipped is something in the folder that is not read, and why.
type Skipped struct {
	File   string `json:"file"`
	Reason string `json:"reason"`
}

// Find gives the folder of the log in a repository, and whether it is there:
// .adr-dir names it, else it is one of the usual ones.
func Find(repo fs.FS) (dir string, found bool, err error) {
	src, err := readSmall(repo, PointerPath, 4096)
	if err == nil {
		line, _, _ := strings.Cut(strings.TrimPrefix(string(src), "\ufeff"), "\n")
		dir = path.Clean(strings.ReplaceAll(strings.TrimSpace(line), `\`, "/"))
		if !fs.ValidPath(dir) || dir == "." {
			var l diag.List
			l.Add(diag.Pos{File: PointerPath, Line: 1, Col: 1}, "write the path of a folder in the repository, such as "+Dir, "%q is no folder in the repository", dir)
			return "", false, l.Err(diag.Usage)
		}
		return dir, isDir(repo, dir), nil
	}
	for _, dir := range folders {
		if isDir(repo, dir) {
			return dir, true, nil
		}
	}
	return Dir, false, nil
}

func isDir(repo fs.FS, name string) bool {
	info, err := fs.Stat(repo, name)
	return err == nil && info.IsDir()
}

// readSmall reads a regular file of at most so many bytes; errLarge for a larger one.
func readSmall(repo fs.FS, name string, most int64) ([]byte, error) {
	info, err := fs.Lstat(repo, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // a pipe would wait for ever
		return nil, errIrregular
	}
	f, err := repo.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // opened for reading: nothing can be lost
	src, err := io.ReadAll(io.LimitReader(f, most+1))
	if int64(len(src)) > most {
		return nil, errLarge
	}
	return src, err
}

var (
	errLarge     = errors.New("it is too large")
	errIrregular = errors.New("it is no regular file")
)

// Read reads the log in dir, a slash path in the repository; a folder that is not
// there is an empty log. What cannot be read becomes a finding of Lint or is named
// in Skipped; the error is for the folder itself.
func Read(repo fs.FS, dir string) (*Log, error) {
	l := &Log{Dir: dir, original: map[string][]byte{}, exists: func(p string) bool {
		_, err := fs.Stat(repo, p)
		return err == nil
	}}
	_, err := fs.Lstat(repo, PointerPath)
	l.pointer = err == nil
	names, err := fs.ReadDir(repo, dir)
	if errors.Is(err, fs.ErrNotExist) {
		l.files = l.original
		return l, nil
	} else if err != nil {
		return nil, diag.New(diag.Environment, "name another folder with --dir", "the folder %s cannot be read: %w", dir, err)
	}
	l.found = true
	faults := map[string]string{}
	for _, d := range names {
		l.readFile(repo, d, faults)
	}
	l.files = l.original
	l.index(nil, faults)
	return l, nil
}

// readFile takes one name of the folder in.
func (l *Log) readFile(repo fs.FS, d fs.DirEntry, faults map[string]string) {
	name := d.Name()
	skip := func(reason string) { l.Skipped = append(l.Skipped, Skipped{name, reason}) }
	keep := name == indexName || name == templateName
	switch {
	case slices.Contains(reserved, name) && !keep:
	case d.IsDir():
		skip("a folder")
	case !strings.HasSuffix(name, ".md"):
		skip("not Markdown")
	default:
		src, err := readSmall(repo, path.Join(l.Dir, name), maxRecord)
		if err == nil && !utf8.Valid(src) {
			err = errors.New("it is not UTF-8 text")
		}
		switch {
		case err == nil && (keep || nameNumber(name) >= 0 || looksLikeRecord(name, src)):
			l.original[name] = src
		case err == nil:
			skip("no record: no number in its name, no status in its text")
		case keep || nameNumber(name) < 0:
			skip("it cannot be read: " + err.Error())
			l.noIndex = l.noIndex || name == indexName
		default:
			faults[name] = err.Error()
		}
	}
}

func looksLikeRecord(name string, src []byte) bool {
	p := read(name, src)
	_, _, outcome := p.section("decision outcome")
	return p.state().given || outcome
}

// index fills Entries from files; entries whose bytes are those of the log before
// are taken from there.
func (l *Log) index(before *Log, faults map[string]string) {
	known := map[string]*Entry{}
	if before != nil {
		for _, e := range before.Entries {
			known[e.File] = e
		}
	}
	l.Entries = nil
	for name, src := range l.files {
		if name == indexName || name == templateName {
			continue
		}
		if e := known[name]; e != nil && string(before.files[name]) == string(src) {
			l.Entries = append(l.Entries, e)
		} else {
			l.Entries = append(l.Entries, newEntry(name, src))
		}
	}
	for name, fault := range faults {
		e := newEntry(name, nil)
		e.fault = fault
		l.Entries = append(l.Entries, e)
	}
	slices.SortFunc(l.Entries, func(a, b *Entry) int {
		return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.File, b.File))
	})
	l.byFile, l.byNumber = map[string]*Entry{}, map[int][]*Entry{}
	for _, e := range l.Entries {
		l.byFile[e.File] = e
		l.byNumber[e.Number] = append(l.byNumber[e.Number], e)
	}
}

var leading = pattern(`^(\d{1,9})(?:\D|$)`)

// nameNumber is the number in front of a file's name, -1 if there is none.
func nameNumber(name string) int {
	m := leading().FindStringSubmatch(name)
	if m == nil {
		return -1
	}
	n, _ := strconv.Atoi(m[1]) // at most nine digits
	return n
}

func newEntry(name string, src []byte) *Entry {
	p := read(name, src)
	s := p.state()
	e := &Entry{File: name, Number: nameNumber(name), Status: s.word, SupersededBy: s.number, Deciders: p.deciders(), Format: p.format, page: p}
	e.Date, _ = p.date()
	if t, ok := p.title(); ok {
		e.Title = t.text
		if m := numbered().FindStringSubmatch(t.text); m != nil {
			e.Title = m[2]
		}
	}
	if f, ok := p.front.field("tags"); ok {
		e.Tags = f.texts
	} else {
		e.Tags = people(p.facts["tags"].text)
	}
	e.ReviewBy, _ = p.reviewBy()
	return e
}

// reviewBy is the day of the review as it stands there, with its line.
func (p *page) reviewBy() (day string, line int) {
	if f, ok := p.front.field("review-by"); ok {
		return f.text(), f.line
	}
	return p.facts["review by"].text, p.facts["review by"].line
}

// slug is a file's name without its extension.
func (e *Entry) slug() string { return strings.TrimSuffix(e.File, ".md") }

// path is a file's path in the repository.
func (l *Log) path(name string) string { return path.Join(l.Dir, name) }

// Entry gives the record of a number. The error is a *diag.Error of kind Usage
// where there is none, and of kind InTheWay where there are several.
func (l *Log) Entry(number int) (*Entry, error) {
	found := l.byNumber[number]
	switch {
	case len(found) == 0:
		return nil, diag.New(diag.Usage, "stackinit adr list shows what is there", "there is no record %s in %s", fmt.Sprintf("%04d", number), l.Dir)
	case len(found) > 1:
		return nil, diag.New(diag.InTheWay, "stackinit adr lint --fix gives the later one another number",
			"two records have the number %04d: %s and %s", number, found[0].File, found[1].File)
	case found[0].fault != "":
		return nil, diag.New(diag.Usage, "", "%s cannot be read: %s", l.path(found[0].File), found[0].fault)
	}
	return found[0], nil
}
