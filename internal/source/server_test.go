package source

import (
	"bytes"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// gitPath finds git, without which these tests show nothing.
func gitPath(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("git")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("git is missing")
		}
		t.Skip("git is missing")
	}
	return path
}

// origin is a server with one repository, /owner/repo.git, by git's own http-backend.
type origin struct {
	*httptest.Server
	t        *testing.T
	dir      string // the bare repository
	login    string // user:password that has to be given, if not empty
	offered  atomic.Pointer[string]
	requests atomic.Int64
	around   func(next http.Handler) http.Handler
}

func newOrigin(t *testing.T) *origin {
	t.Helper()
	git := gitPath(t)
	top := t.TempDir()
	o := &origin{t: t, dir: filepath.Join(top, "owner", "repo.git")}
	if err := os.MkdirAll(o.dir, 0o777); err != nil {
		t.Fatal(err)
	}
	o.git("init", "-q", "--bare", "--initial-branch=main", ".")
	backend := &cgi.Handler{Path: git, Args: []string{"http-backend"}, Dir: top, Env: []string{"GIT_PROJECT_ROOT=" + top, "GIT_HTTP_EXPORT_ALL=1", "GIT_CONFIG_NOSYSTEM=1", "HOME=" + top}}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.requests.Add(1)
		user, password, ok := r.BasicAuth()
		if ok {
			given := user + ":" + password
			o.offered.Store(&given)
		}
		if o.login != "" && user+":"+password != o.login {
			w.Header().Set("WWW-Authenticate", `Basic realm="packs"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		next := http.Handler(backend)
		if o.around != nil {
			next = o.around(next)
		}
		next.ServeHTTP(w, r)
	}))
	t.Cleanup(o.Close)
	return o
}

// git runs git in the bare repository.
func (o *origin) git(args ...string) string { return o.feed(nil, args...) }

func (o *origin) feed(stdin []byte, args ...string) string {
	o.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = o.dir
	cmd.Env = append(bareEnv(o.t), "GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=A", "GIT_COMMITTER_EMAIL=a@example.com",
		"GIT_AUTHOR_DATE=1700000000 +0000", "GIT_COMMITTER_DATE=1700000000 +0000")
	cmd.Stdin = bytes.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err != nil {
		o.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (o *origin) blob(body string) string {
	return o.feed([]byte(body), "hash-object", "-w", "--stdin")
}

// tree makes a tree of entries "mode name hash" as they are, in that order.
func (o *origin) tree(entries ...[3]string) string {
	var raw bytes.Buffer
	for _, e := range entries {
		raw.WriteString(e[0] + " " + e[1] + "\x00")
		for i := 0; i < 40; i += 2 {
			raw.WriteByte(unhex(e[2][i])<<4 | unhex(e[2][i+1]))
		}
	}
	return o.feed(raw.Bytes(), "hash-object", "-t", "tree", "-w", "--literally", "--stdin")
}

func unhex(b byte) byte { return byte(strings.IndexByte("0123456789abcdef", b)) }

// commit makes main, and the tags named, a commit of that tree.
func (o *origin) commit(tree string, tags ...string) string {
	commit := o.feed([]byte("tree "+tree+"\nauthor A <a@example.com> 1700000000 +0000\ncommitter A <a@example.com> 1700000000 +0000\n\npack\n"),
		"hash-object", "-t", "commit", "-w", "--literally", "--stdin")
	o.git("update-ref", "refs/heads/main", commit)
	for _, tag := range tags {
		o.git("update-ref", "refs/tags/"+tag, commit)
	}
	return commit
}

// pack commits a small pack in the folder web, beside one in base.
func (o *origin) pack(manifest string, tags ...string) string {
	base := o.tree([3]string{"100644", "stackinit.yaml", o.blob("name: base\n")})
	tmpl := o.tree([3]string{"100755", "run.sh", o.blob("echo\n")})
	web := o.tree([3]string{"100644", "stackinit.yaml", o.blob(manifest)}, [3]string{"40000", "template", tmpl})
	return o.commit(o.tree([3]string{"40000", "base", base}, [3]string{"40000", "web", web}), tags...)
}

func (o *origin) url() string { return o.URL + "/owner/repo.git" }

// bareEnv is an environment without anybody's settings.
func bareEnv(t *testing.T) []string {
	return []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "GIT_CONFIG_NOSYSTEM=1"}
}

// newStore gives a store with a cache of its own, and what it says.
func newStore(t *testing.T) (*Store, *[]string) {
	t.Helper()
	said := &[]string{}
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	t.Setenv("TMP", tmp)
	t.Cleanup(func() {
		if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
			t.Errorf("left behind in the temporary folder: %v, %v", left, err)
		}
	})
	return &Store{Cache: filepath.Join(t.TempDir(), "packs"), Git: gitPath(t), Env: bareEnv(t), Say: func(s string) {
		if !strings.HasPrefix(s, "fetching ") { // which depends on how busy the machine is
			*said = append(*said, s)
		}
	}}, said
}
