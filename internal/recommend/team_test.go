package recommend

import (
	"errors"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stackinit/stackinit/internal/diag"
)

// platform is a team's criteria that change a bit of everything.
func platform(t testing.TB) *Criteria {
	t.Helper()
	return loadTeam(t, "testdata/teams/platform.yaml")
}

func loadTeam(t testing.TB, file string) *Criteria {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c, err := LoadTeam(path.Base(filepath.ToSlash(file)), src)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestPlatform(t *testing.T) { platform(t) }

var wantMark = regexp.MustCompile(`# want: (.*)`)

// TestBrokenTeamFiles loads each file of testdata/broken. A comment says, in the
// line at fault, what must be said about it; nothing else may be found.
func TestBrokenTeamFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/broken/*.yaml")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			type fault struct {
				Line int
				Text string
			}
			var want, got []fault
			for i, line := range strings.Split(string(src), "\n") {
				if m := wantMark.FindStringSubmatch(line); m != nil {
					for _, text := range strings.Split(m[1], " | ") {
						want = append(want, fault{i + 1, text})
					}
				}
			}
			_, err = LoadTeam("team.yaml", src, "title")
			var e *diag.Error
			if !errors.As(err, &e) || e.Kind != diag.Usage {
				t.Fatalf("LoadTeam gave %v", err)
			}
			for i, f := range e.Findings {
				text := f.Text
				if i < len(want) && strings.Contains(text, want[i].Text) {
					text = want[i].Text
				}
				if f.Pos.File != "team.yaml" || f.Pos.Col < 1 {
					t.Errorf("the place of a finding is %+v", f.Pos)
				}
				got = append(got, fault{f.Pos.Line, text})
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s\n%v", diff, err)
			}
		})
	}
}
