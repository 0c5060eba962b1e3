//go:build unix

package cli

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// The same pack and answers give the same project to everybody: the same bytes, the
// same executables and the same commit, wherever and by whomever it is made.
func TestSameProjectEverywhere(t *testing.T) {
	if testing.Short() {
		t.Skip("makes sixty projects")
	}
	program := filepath.Join(t.TempDir(), "stackinit")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../../cmd/stackinit").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	examples, err := filepath.Abs("../../examples/packs")
	if err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"stack": {"--stack", "python-flask"},
		"pack":  {"--stack", "node-express", "--template", examples + "/acme-service"},
		"alone": {"--template", examples + "/go-tool"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var first map[string]string
			for i := range 20 {
				made := makeSomewhere(t, program, i, args)
				if first == nil {
					first = made
				}
				if diff := gocmp.Diff(first, made); diff != "" {
					t.Fatalf("run %d made another project (-first +this):\n%s", i, diff)
				}
			}
		})
	}
}

// makeSomewhere makes a project in the i-th surroundings and tells what it is.
func makeSomewhere(t *testing.T, program string, i int, args []string) map[string]string {
	t.Helper()
	pick := func(all ...string) string { return all[i%len(all)] }
	dir := filepath.Join(t.TempDir(), pick("a", "b c", "ü"))
	for _, d := range []string{"home", "tmp", "work"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	// A shell sets the umask, which is the whole process's and not one goroutine's.
	line := `umask "$1"; shift; exec "$@"`
	all := append([]string{"-c", line, "sh", pick("022", "077", "002", "027"), program, "new", "service", "--defaults", "--author", "Test <test@example.org>"}, args...)
	cmd := exec.CommandContext(t.Context(), "sh", all...)
	cmd.Dir = filepath.Join(dir, "work")
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + filepath.Join(dir, "home"), "TMPDIR=" + filepath.Join(dir, "tmp"),
		"SOURCE_DATE_EPOCH=1767225599", // 2025-12-31T23:59:59Z: another day, and year, to the east
		"TZ=" + pick("UTC", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati", "Europe/Vienna"),
		"LANG=" + pick("C", "de_AT.UTF-8", "tr_TR.UTF-8"), "LC_ALL=" + pick("C", "tr_TR.UTF-8"),
		"GOMAXPROCS=" + pick("1", "2", "7"),
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return identity(t, filepath.Join(cmd.Dir, "service"))
}

// identity is the commit and what every file is, but for .env with its new secrets.
func identity(t *testing.T, project string) map[string]string {
	t.Helper()
	head, err := exec.CommandContext(t.Context(), "git", "-C", project, "rev-parse", "HEAD").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, head)
	}
	all := map[string]string{"HEAD": strings.TrimSpace(string(head))}
	err = fs.WalkDir(os.DirFS(project), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if p == ".git" {
				return fs.SkipDir
			}
			return err
		}
		if d.Name() == ".env" {
			return nil
		}
		body, err := os.ReadFile(filepath.Join(project, p))
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil {
			all[p] = fmt.Sprintf("executable %v, %x", info.Mode()&0o100 != 0, sha256.Sum256(body))
		}
		return err
	})
	if err != nil || len(all) < 5 {
		t.Fatal(err, all)
	}
	return all
}
