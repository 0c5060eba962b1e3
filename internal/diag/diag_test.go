package diag

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
)

func TestErrorSaysWhatWhereAndWhatToDo(t *testing.T) {
	var l List
	if err := l.Err(Usage); err != nil {
		t.Fatalf("an empty list gives %v", err)
	}
	l.Add(Pos{File: "f", Line: 10, Col: 1}, "", "second")
	l.Add(Pos{File: "f", Line: 9, Col: 3}, "do this", "first %d", 1)
	l.Add(Pos{File: "a"}, "", "other file")
	want := "a: other file\nf:9:3: first 1\n  do this\nf:10:1: second"
	if got := l.Err(Usage).Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestManyFindingsAreCounted(t *testing.T) {
	var l List
	for i := range 100 {
		l.Add(Pos{}, "", "finding %d", i)
	}
	text := l.Err(Refused).Error()
	if n := strings.Count(text, "\n") + 1; n != maxShown+1 || !strings.HasSuffix(text, "… and 80 more") {
		t.Errorf("%d lines, the last: %s", n, text[strings.LastIndex(text, "\n"):])
	}
}

func TestCauseIsKept(t *testing.T) {
	err := fmt.Errorf("outside: %w", New(Environment, "", "cannot read: %w", fs.ErrPermission))
	var e *Error
	if !errors.As(err, &e) || e.Kind != Environment || !errors.Is(err, fs.ErrPermission) {
		t.Errorf("%v is no longer what it was", err)
	}
}

func TestDidYouMean(t *testing.T) {
	words := []string{"project_kind", "priority", "title"}
	for got, want := range map[string]string{
		"projct_kind":            `did you mean "project_kind"?`,
		"tilte":                  `did you mean "title"?`,
		"zzz":                    "one of: project_kind, priority, title",
		strings.Repeat("a", 1e6): "one of: project_kind, priority, title",
	} {
		if hint := DidYouMean(got, words); hint != want {
			t.Errorf("%.20s: %q, want %q", got, hint, want)
		}
	}
	for _, got := range []string{"4", "3.1"} { // as near to one as to another
		if hint := DidYouMean(got, []string{"1", "2", "3.9", "3.10"}); hint != "one of: 1, 2, 3.9, 3.10" {
			t.Errorf("%s: %q", got, hint)
		}
	}
	if hint := DidYouMean("zzz", strings.Fields(strings.Repeat("word ", 13))); hint != "" {
		t.Errorf("a long list is shown: %q", hint)
	}
}
