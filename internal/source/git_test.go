package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
)

func open(t *testing.T, st *Store, text string) *pack.Tree {
	t.Helper()
	tree, err := st.Open(t.Context(), parse(t, text))
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestGitGivesThePack(t *testing.T) {
	o := newOrigin(t)
	commit := o.pack("name: web\n", "v1")
	o.git("tag", "-a", "-m", "annotated", "v1.1", commit)
	st, said := newStore(t)
	for i, ref := range []string{"", "@v1", "@v1.1", "@main", "@" + commit, "@refs/heads/main", "", "@v1", "@v1.1", "@main", "@" + commit, "@refs/heads/main"} {
		if i == 6 {
			st.Git, st.Cache = "", t.TempDir()
		}
		text := o.url() + "//web" + ref
		tree := open(t, st, text)
		if tree.Pin.Source != text || tree.Pin.Commit != commit {
			t.Errorf("%s: pin %+v", ref, tree.Pin)
		}
		if m, _ := tree.File("stackinit.yaml"); string(m) != "name: web\n" || len(tree.Files) != 2 {
			t.Errorf("%s: files %v", ref, tree.Files)
		}
	}
	if len(*said) > 0 {
		t.Errorf("said %q", *said)
	}
}

// The digest names the bytes, wherever they come from.
func TestFolderAndRepositoryHaveOneDigest(t *testing.T) {
	o := newOrigin(t)
	o.pack("name: web\n")
	st, _ := newStore(t)
	dir := lay(t, map[string]string{"stackinit.yaml": "name: web\n", "template/run.sh": "echo\n"})
	if a, b := open(t, st, o.url()+"//web"), open(t, st, dir); a.Pin.Digest != b.Pin.Digest {
		t.Errorf("%s from git, %s from the folder", a.Pin.Digest, b.Pin.Digest)
	}
}

func TestNeighbourIsOfTheSameCommit(t *testing.T) {
	o := newOrigin(t)
	o.pack("name: web\n")
	st, _ := newStore(t)
	s := parse(t, o.url()+"//web@main")
	web, err := st.Open(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	o.pack("name: newer\n")
	s, err = s.At(web.Pin.Commit).Join("../base")
	if err != nil {
		t.Fatal(err)
	}
	base, err := st.Open(t.Context(), s)
	if err != nil || base.Pin.Commit != web.Pin.Commit || base.Pin.Source != o.url()+"//base@main" {
		t.Errorf("%+v, %v", base, err)
	}
}

func TestMovedTag(t *testing.T) {
	o := newOrigin(t)
	first := o.pack("name: web\n", "v1")
	st, said := newStore(t)
	old := open(t, st, o.url()+"//web@v1")
	if now, err := st.Moved(t.Context(), old.Pin); err != nil || now != first {
		t.Errorf("moved to %s, %v", now, err)
	}
	second := o.pack("name: other\n", "v1")
	if now, err := st.Moved(t.Context(), old.Pin); err != nil || now != second {
		t.Errorf("moved to %s instead of %s, %v", now, second, err)
	}
	fresh := open(t, st, o.url()+"//web@v1")
	if fresh.Pin.Commit != second || len(*said) != 1 || !strings.Contains((*said)[0], "moved") || !strings.Contains((*said)[0], first[:12]) {
		t.Errorf("%+v; said %q", fresh.Pin, *said)
	}
	// The pin still gives the old bytes: from the cache, and from the server.
	for _, cache := range []string{st.Cache, t.TempDir()} {
		st.Cache = cache
		again, err := st.OpenPin(t.Context(), old.Pin)
		if err != nil {
			t.Fatal(err)
		}
		if m, _ := again.File("stackinit.yaml"); again.Pin != old.Pin || string(m) != "name: web\n" {
			t.Errorf("%+v %q", again.Pin, m)
		}
	}
}

func TestPinOfAnotherContent(t *testing.T) {
	o := newOrigin(t)
	o.pack("name: web\n", "v1")
	st, _ := newStore(t)
	pin := open(t, st, o.url()+"//web@v1").Pin
	pin.Digest = "sha256:" + strings.Repeat("0", 64)
	_, err := st.OpenPin(t.Context(), pin)
	failsAs(t, err, diag.Refused, "is recorded", pin.Digest)
	pin.Digest = "sha256:../../x"
	_, err = st.OpenPin(t.Context(), pin)
	failsAs(t, err, diag.Usage, "cannot be")
	for _, commit := range []string{"", "--upload-pack=x", strings.Repeat("a", 39) + "A"} {
		_, err = st.OpenPin(t.Context(), pack.Pin{Source: pin.Source, Commit: commit, Digest: "sha256:" + strings.Repeat("0", 64)})
		failsAs(t, err, diag.Usage, fmt.Sprintf("recorded with commit %q", commit))
	}
}

func TestHashes(t *testing.T) {
	digits := strings.Repeat("0af9", 16)
	for text, want := range map[string]bool{"sha256:" + digits: true, "sha256:": false, "": false, "sha256:" + digits + "0": false, "sha512:" + digits: false, "sha256:" + digits[:63] + "g": false} {
		if isDigest(text) != want {
			t.Errorf("isDigest(%q) = %t", text, !want)
		}
	}
	for text, want := range map[string]bool{digits[:40]: true, digits[:39]: false, digits[:41]: false, digits[:39] + "A": false, "": false} {
		if isCommit(text) != want {
			t.Errorf("isCommit(%q) = %t", text, !want)
		}
	}
}

func TestLoginByCredentialHelper(t *testing.T) {
	o := newOrigin(t)
	o.login = "ann:open-sesame"
	o.pack("name: web\n")
	st, _ := newStore(t)
	start := time.Now()
	_, err := st.Open(t.Context(), parse(t, o.url()+"//web"))
	failsAs(t, err, diag.Environment, "may not read", "credential helper", "terminal prompts disabled")
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("took %v: somebody was asked", d)
	}
	home := t.TempDir()
	write(t, home+"/.gitconfig", "[credential]\n\thelper = store\n")
	write(t, home+"/.git-credentials", strings.Replace(o.URL, "http://", "http://ann:open-sesame@", 1)+"\n")
	st.Env = append(st.Env, "HOME="+home)
	if tree := open(t, st, o.url()+"//web"); strings.Contains(fmt.Sprintf("%+v", tree.Pin), "sesame") {
		t.Errorf("the login is in the pin %+v", tree.Pin)
	}
}

func TestLoginInTheURLIsUsedAndKeptNowhere(t *testing.T) {
	o := newOrigin(t)
	o.login = "ann:open sesame%!\\n'\"$(x)"
	o.pack("name: web\n", "v1")
	st, said := newStore(t)
	home := t.TempDir()
	write(t, home+"/.gitconfig", "[credential]\n\thelper = store\n")
	st.Env = append(st.Env, "HOME="+home)
	text := strings.Replace(o.url(), "http://", "http://ann:open%20sesame%25!%5Cn'%22$(x)@", 1) + "//web@v1"
	s := parse(t, text)
	tree, err := st.Open(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if tree.Pin.Source != o.url()+"//web@v1" {
		t.Errorf("recorded as %s", tree.Pin.Source)
	}
	if _, err := os.Stat(home + "/.git-credentials"); err == nil {
		t.Error("git stored the login")
	}
	o.login = "ann:other"
	_, err = st.Open(t.Context(), s)
	failsAs(t, err, diag.Environment, "may not read")
	all := fmt.Sprintf("%v %+v %#v %s %v %s", s, s, s, s, err, *said)
	_ = filepath.WalkDir(st.Cache, func(p string, d os.DirEntry, _ error) error {
		if b, err := os.ReadFile(p); err == nil {
			all += p + string(b)
		}
		return nil
	})
	if strings.Contains(all, "sesame") {
		t.Errorf("the login is shown or kept: %s", all)
	}
}

func TestRedirectCarriesNoLogin(t *testing.T) {
	target := newOrigin(t)
	target.pack("name: web\n")
	first := newOrigin(t)
	first.around = func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, strings.Replace(target.URL, "127.0.0.1", "localhost", 1)+r.URL.RequestURI(), http.StatusMovedPermanently)
		})
	}
	st, _ := newStore(t)
	st.Cache = ""
	text := strings.Replace(first.url(), "http://", "http://ann:sesame@", 1) + "//web"
	if tree := open(t, st, text); tree.Pin.Source != first.url()+"//web" {
		t.Errorf("source %s", tree.Pin.Source)
	}
	// The other one asks for a login, and the first one does before it redirects.
	for _, o := range []*origin{target, first} {
		o.login = "ann:sesame"
		_, err := st.Open(t.Context(), parse(t, text))
		failsAs(t, err, diag.Environment)
	}
	if got := target.offered.Load(); got != nil || target.requests.Load() == 0 {
		t.Errorf("the other host was told %q", *got)
	}
	if got := first.offered.Load(); got == nil || *got != "ann:sesame" {
		t.Error("the first host was not told")
	}
}

func TestRedirectToFilesIsRefused(t *testing.T) {
	o := newOrigin(t)
	o.pack("name: web\n")
	for _, to := range []string{"file://" + o.dir, "ftp://127.0.0.1/x"} {
		evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", to+r.URL.RequestURI())
			w.WriteHeader(http.StatusFound)
		}))
		st, _ := newStore(t)
		_, err := st.Open(t.Context(), parse(t, evil.URL+"/x.git"))
		failsAs(t, err, diag.Environment)
		evil.Close()
	}
}

// A user's setting may rewrite addresses, but not into something that runs commands.
func TestRewrittenAddressesStayProtocols(t *testing.T) {
	o := newOrigin(t)
	o.pack("name: web\n")
	for _, to := range []string{"file://" + o.dir, o.dir, "ext::sh -c echo% "} {
		st, _ := newStore(t)
		home := t.TempDir()
		write(t, home+"/.gitconfig", fmt.Sprintf("[url %q]\n\tinsteadOf = %s\n[protocol]\n\tallow = always\n", to, o.url()))
		st.Env = append(st.Env, "HOME="+home)
		_, err := st.Open(t.Context(), parse(t, o.url()))
		failsAs(t, err, diag.Refused, "https or ssh")
	}
}

// Whoever runs stackinit from a hook has GIT_DIR and others set.
func TestEnvironmentOfHooksDoesNotMatter(t *testing.T) {
	o := newOrigin(t)
	o.pack("name: web\n")
	st, _ := newStore(t)
	trap := t.TempDir()
	write(t, trap+"/hooks/reference-transaction", "#!/bin/sh\ntouch "+trap+"/ran\n")
	if err := os.Chmod(trap+"/hooks/reference-transaction", 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, trap+"/.gitconfig", "[core]\n\thooksPath = "+trap+"/hooks\n[fetch]\n\tprune = true\n[init]\n\ttemplateDir = "+trap+"\n")
	st.Env = append(st.Env, "HOME="+trap, "GIT_DIR="+trap+"/nowhere", "GIT_INDEX_FILE=/x", "GIT_OBJECT_DIRECTORY=/x", "GIT_TRACE_CURL="+trap+"/trace", "GIT_ALLOW_PROTOCOL=ext:file")
	open(t, st, o.url()+"//web")
	for _, f := range []string{"ran", "trace", "nowhere"} {
		if _, err := os.Stat(trap + "/" + f); err == nil {
			t.Errorf("%s is there", f)
		}
	}
}

// cut ends an answer in the middle of the pack.
func cut(after int64) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodPost {
				next.ServeHTTP(w, r)
				return
			}
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(strings.NewReader(string(body)))
			rec := httptest.NewRecorder()
			next.ServeHTTP(rec, r)
			if !strings.Contains(string(body), "command=fetch") {
				w.Header().Set("Content-Type", rec.Header().Get("Content-Type"))
				_, _ = w.Write(rec.Body.Bytes())
				return
			}
			w.Header().Set("Content-Type", rec.Header().Get("Content-Type"))
			w.Header().Set("Content-Length", fmt.Sprint(rec.Body.Len()))
			_, _ = w.Write(rec.Body.Bytes()[:min(after, int64(rec.Body.Len()))])
			panic(http.ErrAbortHandler)
		})
	}
}

func TestTruncatedAnswer(t *testing.T) {
	for _, after := range []int64{0, 60, 200} {
		o := newOrigin(t)
		o.pack("name: web\n")
		o.around = cut(after)
		o.Config.ErrorLog = nil
		st, _ := newStore(t)
		start := time.Now()
		_, err := st.Open(t.Context(), parse(t, o.url()+"//web"))
		failsAs(t, err, diag.Environment, "cannot be fetched")
		if d := time.Since(start); d > 2*time.Second {
			t.Errorf("took %v", d)
		}
	}
}

// sleepy answers only when the client has gone.
func sleepy(http.Handler) http.Handler {
	return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
}

func TestSlowServer(t *testing.T) {
	o := newOrigin(t)
	o.pack("name: web\n")
	o.around = sleepy
	st, said := newStore(t)
	st.Timeout = 700 * time.Millisecond
	st.Say = func(s string) { *said = append(*said, s) }
	start := time.Now()
	_, err := st.Open(t.Context(), parse(t, o.url()+"//web"))
	failsAs(t, err, diag.Environment, "no answer within 700ms")
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("took %v", d)
	}
	if len(*said) != 1 || !strings.Contains((*said)[0], "fetching "+o.url()) {
		t.Errorf("said %q", *said)
	}
}

func TestInterruptEndsGit(t *testing.T) {
	for _, terminal := range []bool{false, true} {
		o := newOrigin(t)
		o.pack("name: web\n")
		gone := make(chan struct{})
		asked := make(chan struct{})
		o.around = func(http.Handler) http.Handler {
			return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				close(asked)
				<-r.Context().Done()
				close(gone)
			})
		}
		st, _ := newStore(t)
		st.Terminal = terminal
		ctx, cancel := context.WithCancelCause(t.Context())
		cause := errors.New("interrupted")
		go func() { <-asked; cancel(cause) }()
		if _, err := st.Open(ctx, parse(t, o.url())); !errors.Is(err, cause) {
			t.Errorf("got %v", err)
		}
		select {
		case <-gone: // git's helper, a grandchild, has hung up
		case <-time.After(2 * time.Second):
			t.Errorf("git still runs (terminal: %t)", terminal)
		}
	}
}

func TestOffline(t *testing.T) {
	o := newOrigin(t)
	o.pack("name: web\n", "v1")
	st, said := newStore(t)
	text := o.url() + "//web@v1"
	st.Offline = true
	_, err := st.Open(t.Context(), parse(t, text))
	failsAs(t, err, diag.Environment, "not at hand", "network")
	st.Offline = false
	want := open(t, st, text)
	st.Offline = true
	if got := open(t, st, text); got.Pin != want.Pin || len(got.Files) != len(want.Files) {
		t.Errorf("%+v", got.Pin)
	}
	if len(*said) != 1 || !strings.Contains((*said)[0], "copy of commit") {
		t.Errorf("said %q", *said)
	}
	if got, err := st.OpenPin(t.Context(), want.Pin); err != nil || got.Pin != want.Pin {
		t.Errorf("%+v, %v", got, err)
	}
	_, err = st.Moved(t.Context(), want.Pin)
	failsAs(t, err, diag.Environment, "cannot be asked without a network")
	// A network that is gone without anybody having said so.
	st.Offline = false
	o.Close()
	*said = nil
	if got := open(t, st, text); got.Pin != want.Pin {
		t.Errorf("%+v", got.Pin)
	}
	if len(*said) != 1 || !strings.Contains((*said)[0], "cannot be reached") {
		t.Errorf("said %q", *said)
	}
	_, err = st.Open(t.Context(), parse(t, o.url()+"//base@v1"))
	failsAs(t, err, diag.Environment, "cannot be fetched", "network")
}

// What a commit holds does not change: it is not asked for again.
func TestCommitIsFetchedOnce(t *testing.T) {
	o := newOrigin(t)
	commit := o.pack("name: web\n", "v1")
	st, _ := newStore(t)
	open(t, st, o.url()+"//web@"+commit)
	before := o.requests.Load()
	open(t, st, o.url()+"//web@"+commit)
	if now := o.requests.Load(); now != before {
		t.Errorf("%d requests more", now-before)
	}
}

func TestTamperedCache(t *testing.T) {
	for name, spoil := range map[string]func([]byte) []byte{
		"changed":  func(b []byte) []byte { b[len(b)-2] ^= 1; return b },
		"shorter":  func(b []byte) []byte { return b[:len(b)-3] },
		"longer":   func(b []byte) []byte { return append(b, "1 1\nxy"...) },
		"empty":    func([]byte) []byte { return nil },
		"lengths":  func([]byte) []byte { return []byte("9223372036854775807 9223372036854775807\nx") },
		"no line":  func([]byte) []byte { return []byte("1 1") },
		"negative": func([]byte) []byte { return []byte("-1 -5\nx") },
	} {
		t.Run(name, func(t *testing.T) {
			o := newOrigin(t)
			o.pack("name: web\n", "v1")
			st, _ := newStore(t)
			want := open(t, st, o.url()+"//web@v1")
			spoilAll := func() {
				files, _ := filepath.Glob(st.Cache + "/trees/*")
				for _, f := range files {
					b, err := os.ReadFile(f)
					if err != nil {
						t.Fatal(err)
					}
					write(t, f, string(spoil(b)))
				}
				if len(files) != 1 {
					t.Fatalf("files %v", files)
				}
			}
			spoilAll()
			st.Offline = true
			_, err := st.OpenPin(t.Context(), want.Pin)
			failsAs(t, err, diag.Environment, "damaged")
			st.Offline = false
			if got, err := st.OpenPin(t.Context(), want.Pin); err != nil || got.Pin != want.Pin {
				t.Fatalf("%+v, %v", got, err)
			}
			spoilAll()
			st.Offline = true
			_, err = st.Open(t.Context(), parse(t, o.url()+"//web@v1"))
			failsAs(t, err, diag.Environment, "damaged")
		})
	}
}

// A record in the cache that points somewhere else is not believed either.
func TestTamperedMemory(t *testing.T) {
	o := newOrigin(t)
	o.pack("name: web\n", "v1")
	st, _ := newStore(t)
	open(t, st, o.url()+"//web@v1")
	files, _ := filepath.Glob(st.Cache + "/seen/*")
	for _, f := range files {
		write(t, f, fmt.Sprintf(`{"Source":%q,"Commit":"../x","Digest":"sha256:../../../etc/passwd"}`, o.url()+"//web@v1"))
	}
	st.Offline = true
	_, err := st.Open(t.Context(), parse(t, o.url()+"//web@v1"))
	failsAs(t, err, diag.Environment, "not at hand")
}

func TestCacheThatCannotBeWritten(t *testing.T) {
	o := newOrigin(t)
	o.pack("name: web\n", "v1")
	st, said := newStore(t)
	st.Cache = lay(t, map[string]string{"file": ""}) + "/file/cache"
	open(t, st, o.url()+"//web@v1")
	if len(*said) != 1 || !strings.Contains((*said)[0], "no copy") {
		t.Errorf("said %q", *said)
	}
	st.Cache = ""
	open(t, st, o.url()+"//web@v1")
}

func TestWhatIsNotThere(t *testing.T) {
	o := newOrigin(t)
	commit := o.pack("name: web\n")
	st, _ := newStore(t)
	for text, want := range map[string][]string{
		o.url() + "//web@v9":                            {`no tag or branch "v9"`},
		o.url() + "//wob":                               {`no folder "wob"`, commit[:12]},
		o.url() + "//web/stackinit.yaml":                {`no folder "web/stackinit.yaml"`},
		o.url() + "//web@" + strings.Repeat("1", 40):    {"does not give commit", strings.Repeat("1", 40)},
		o.URL + "/owner/none.git":                       {"there is no repository"},
		"http://127.0.0.1:1/owner/none.git":             {"cannot be fetched"},
		"ssh://git@127.0.0.1:1/owner/none.git":          {"cannot be fetched"},
		"https://no-such-host.invalid/owner/none.git@v": {"cannot be fetched"},
	} {
		start := time.Now()
		_, err := st.Open(t.Context(), parse(t, text))
		kind := diag.Environment
		if strings.Contains(want[0], "no tag") || strings.Contains(want[0], "no folder") {
			kind = diag.Usage
		}
		failsAs(t, err, kind, want...)
		if d := time.Since(start); d > 2*time.Second {
			t.Errorf("%s took %v", text, d)
		}
	}
}
