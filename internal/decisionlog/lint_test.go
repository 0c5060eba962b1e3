package decisionlog

import (
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var today = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// repository is a file system of the files of an archive.
func repository(files map[string]string) fs.FS {
	m := fstest.MapFS{}
	for name, body := range files {
		m[name] = &fstest.MapFile{Data: []byte(body), Mode: 0o644}
	}
	return m
}

// open reads the log of a repository.
func open(t testing.TB, files map[string]string) *Log {
	t.Helper()
	repo := repository(files)
	dir, _, err := Find(repo)
	if err != nil {
		t.Fatal(err)
	}
	l, err := Read(repo, dir)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// after gives the files as they are once changes are made.
func after(t testing.TB, files map[string]string, changes []Change) map[string]string {
	t.Helper()
	next := map[string]string{}
	for name, body := range files {
		next[name] = body
	}
	for _, c := range changes {
		if old, ok := files[c.Path]; ok != (c.Old != nil) || old != string(c.Old) {
			t.Errorf("%s: the change is not from what stands there", c.Path)
		}
		if c.New == nil {
			delete(next, c.Path)
		} else {
			next[c.Path] = string(c.New)
		}
	}
	return next
}

func archive(t testing.TB, file string) (comment string, files map[string]string) {
	t.Helper()
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	files = map[string]string{}
	for _, f := range a.Files {
		files[f.Name] = string(f.Data)
	}
	return string(a.Comment), files
}

func found(list []Finding) (lines []string) {
	for _, f := range list {
		lines = append(lines, fmt.Sprintf("%s %s %s:%d", f.Rule, f.Severity, f.File, f.Line))
	}
	return lines
}

// Each archive of testdata/lint names in its head all that is wrong with it.
func TestLintNamesRuleFileAndLine(t *testing.T) {
	archives, err := filepath.Glob("testdata/lint/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	rules := map[string]bool{}
	for _, file := range archives {
		t.Run(filepath.Base(file), func(t *testing.T) {
			comment, files := archive(t, file)
			_, head, _ := strings.Cut(comment, "\n\n")
			want := strings.Split(strings.TrimSpace(head), "\n")
			if want[0] == "" {
				want = nil
			}
			list := open(t, files).Lint(today)
			if diff := cmp.Diff(want, found(list)); diff != "" {
				t.Errorf("(-want +got):\n%s\n%v", diff, list)
			}
			for _, f := range list {
				rules[f.Rule] = true
				if f.Text == "" || strings.HasSuffix(f.Text, ".") {
					t.Errorf("the text %q is no sentence without its full stop", f.Text)
				}
			}
		})
	}
	for n := 1; n <= 18; n++ {
		if rule := fmt.Sprintf("L%02d", n); !rules[rule] {
			t.Errorf("no archive breaks %s", rule)
		}
	}
}

// golden of what Fix makes of an archive: testdata/fix/NAME.golden.
func TestFix(t *testing.T) {
	archives, err := filepath.Glob("testdata/fix/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal(archives, err)
	}
	for _, file := range archives {
		t.Run(filepath.Base(file), func(t *testing.T) {
			_, files := archive(t, file)
			changes, done := open(t, files).Fix()
			mended := after(t, files, changes)
			out := &txtar.Archive{Comment: []byte(strings.Join(done, "\n") + "\n\n" + strings.Join(found(open(t, mended).Lint(today)), "\n") + "\n")}
			for _, name := range slices.Sorted(maps.Keys(mended)) {
				if mended[name] != files[name] {
					out.Files = append(out.Files, txtar.File{Name: name, Data: []byte(mended[name])})
				}
			}
			golden(t, strings.TrimSuffix(strings.TrimPrefix(filepath.ToSlash(file), "testdata/"), ".txtar")+".golden", string(txtar.Format(out)))
			if again, _ := open(t, mended).Fix(); len(again) > 0 {
				t.Errorf("fixing again changes %d files more, the first is %s", len(again), again[0].Path)
			}
		})
	}
}

// With line ends of Windows the same is found and mended, and they stay.
func TestFixKeepsLineEnds(t *testing.T) {
	archives, _ := filepath.Glob("testdata/*/*.txtar") // TestFix has looked that there are some
	for _, file := range archives {
		_, files := archive(t, file)
		windows := map[string]string{}
		for name, body := range files {
			windows[name] = strings.ReplaceAll(body, "\n", "\r\n")
		}
		if a, b := found(open(t, files).Lint(today)), found(open(t, windows).Lint(today)); !slices.Equal(a, b) {
			t.Errorf("%s: found %v, with other line ends %v", file, a, b)
		}
		plain, _ := open(t, files).Fix()
		changes, _ := open(t, windows).Fix()
		a, b := after(t, files, plain), after(t, windows, changes)
		for name, body := range a {
			if _, old := files[name]; !old && strings.HasSuffix(name, "README.md") {
				continue // a new file has our own line ends
			}
			if diff := cmp.Diff(strings.ReplaceAll(body, "\n", "\r\n"), b[name]); diff != "" {
				t.Errorf("%s: %s (-want +got):\n%s", file, name, diff)
			}
		}
	}
}
