package source

import (
	"bytes"
	"compress/zlib"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
)

// both runs a test with the user's git and without any.
func both(t *testing.T, test func(t *testing.T, st *Store)) {
	for _, name := range []string{"git", "no git"} {
		t.Run(name, func(t *testing.T) {
			st, _ := newStore(t)
			if name == "no git" {
				st.Git = ""
			}
			test(t, st)
		})
	}
}

// inTime opens a source and gives the error; two seconds have to be enough.
func inTime(t *testing.T, st *Store, text string) error {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	_, err := st.Open(t.Context(), parse(t, text))
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("took %v", d)
	}
	runtime.ReadMemStats(&after)
	if grown := after.Sys - before.Sys; after.Sys > before.Sys && grown > 256<<20 {
		t.Errorf("took %d MiB", grown>>20)
	}
	return err
}

func TestHostileTrees(t *testing.T) {
	o := newOrigin(t)
	blob := o.blob("x")
	sub := o.tree([3]string{"100644", "f", blob})
	self := o.pack("name: web\n")
	manifest := [3]string{"100644", "stackinit.yaml", blob}
	for name, c := range map[string]struct {
		entries [][3]string
		kind    diag.Kind
		words   []string // of the message: what git says is enough where git refuses
	}{
		"dotdot":          {[][3]string{{"40000", "..", sub}, manifest}, diag.Refused, []string{".."}},
		"dot":             {[][3]string{{"40000", ".", sub}, manifest}, diag.Refused, []string{"."}},
		"dotgit":          {[][3]string{{"40000", ".git", sub}, manifest}, diag.Refused, []string{".git"}},
		"DOTGIT":          {[][3]string{{"40000", ".GIT", sub}, manifest}, diag.Refused, []string{"git"}},
		"absolute":        {[][3]string{{"100644", "/etc/passwd", blob}, manifest}, diag.Refused, nil},
		"slash":           {[][3]string{{"100644", "a/../../b", blob}, manifest}, diag.Refused, nil},
		"empty name":      {[][3]string{{"100644", "", blob}, manifest}, diag.Refused, nil},
		"symlink":         {[][3]string{{"120000", "link", blob}, manifest}, diag.Refused, []string{`"link"`, "symbolic link"}},
		"submodule":       {[][3]string{manifest, {"160000", "sub", self}}, diag.Refused, []string{`"sub"`, "submodule"}},
		"long name":       {[][3]string{{"100644", strings.Repeat("n", 1300), blob}, manifest}, diag.Refused, []string{"1000 bytes"}},
		"odd mode":        {[][3]string{{"170000", "a", blob}, manifest}, diag.Refused, []string{`"a"`}},
		"twice":           {[][3]string{{"100644", "a", blob}, {"100644", "a", blob}, manifest}, diag.Refused, nil},
		"file and folder": {[][3]string{{"100644", "a", blob}, {"40000", "a", sub}, manifest}, diag.Refused, nil},
		"no such object":  {[][3]string{manifest, {"40000", "z", blob}}, diag.Refused, nil},
	} {
		t.Run(name, func(t *testing.T) {
			o.commit(o.tree(c.entries...))
			both(t, func(t *testing.T, st *Store) {
				err := inTime(t, st, o.url())
				if (name == "no such object" || name == "empty name") && kind(err) == diag.Environment {
					return // the server itself stumbles over it
				}
				failsAs(t, err, c.kind, append(c.words, "127.0.0.1")...)
			})
		})
	}
}

// Git looks at all objects that come, also at those outside of the pack's folder.
func TestGitChecksObjects(t *testing.T) {
	o := newOrigin(t)
	blob := o.blob("x")
	good := o.tree([3]string{"100644", "stackinit.yaml", blob})
	for name, entry := range map[string][3]string{
		"hasDotgit":  {"40000", "git~1", good},
		"gitmodules": {"120000", ".gitmodules", blob},
	} {
		o.commit(o.tree(entry, [3]string{"40000", "web", good}))
		st, _ := newStore(t)
		failsAs(t, inTime(t, st, o.url()+"//web"), diag.Refused, name)
	}
}

func TestHostileSizes(t *testing.T) {
	if testing.Short() {
		t.Skip("makes repositories of many megabytes")
	}
	o := newOrigin(t)
	blob := o.blob("x")
	mega := o.blob(strings.Repeat("y", pack.MaxFile))
	huge := o.blob(strings.Repeat("z", pack.MaxFile+1))
	bomb := o.blob(strings.Repeat("\x00", maxObject+1))
	entries := func(n int, mode, hash string) (all [][3]string) {
		for i := range n {
			all = append(all, [3]string{mode, fmt.Sprintf("%06d", i), hash})
		}
		return all
	}
	grow := o.tree(entries(1, "100644", blob)...)
	for range 12 { // 16^12 files
		grow = o.tree(entries(16, "40000", grow)...)
	}
	empty := o.tree()
	for range 12 { // the same without a single file
		empty = o.tree(entries(16, "40000", empty)...)
	}
	deep := o.tree(entries(1, "100644", blob)...)
	for range 150 {
		deep = o.tree(entries(1, "40000", deep)...)
	}
	for name, c := range map[string]struct {
		tree  string
		words []string
	}{
		"huge file":    {o.tree([3]string{"100644", "huge", huge}), []string{`"huge"`, "1048577 bytes"}},
		"too much":     {o.tree(entries(65, "100644", mega)...), []string{"64 MiB"}},
		"bomb":         {o.tree([3]string{"100644", "bomb", bomb}), []string{"an object of"}},
		"bomb outside": {o.tree([3]string{"100644", "bomb", bomb}, [3]string{"40000", "web", grow}), []string{"an object of"}},
		"many files":   {o.tree(entries(pack.MaxFiles+1, "100644", blob)...), []string{"files"}},
		"tree bomb":    {grow, []string{"more than 40000 files and folders"}},
		"empty bomb":   {empty, []string{"more than 40000 files and folders"}},
		"deep":         {deep, []string{"1000 bytes"}},
	} {
		t.Run(name, func(t *testing.T) {
			o.commit(c.tree)
			both(t, func(t *testing.T, st *Store) {
				text := o.url()
				if name == "bomb outside" {
					text += "//web"
				}
				failsAs(t, inTime(t, st, text), diag.Refused, c.words...)
			})
		})
	}
}

func TestRefsThatAreNoCommits(t *testing.T) {
	o := newOrigin(t)
	o.pack("name: web\n")
	o.git("update-ref", "refs/tags/blob", o.blob("x"))
	o.git("update-ref", "refs/tags/tree", o.tree([3]string{"100644", "f", o.blob("x")}))
	both(t, func(t *testing.T, st *Store) {
		for _, ref := range []string{"blob", "tree"} {
			failsAs(t, inTime(t, st, o.url()+"@"+ref), diag.Refused, ref, "no commit")
		}
		failsAs(t, inTime(t, st, o.url()+"@none"), diag.Usage, `no tag or branch "none"`)
		failsAs(t, inTime(t, st, o.url()+"//none"), diag.Usage, `no folder "none"`)
		failsAs(t, inTime(t, st, o.url()+"//base/stackinit.yaml"), diag.Usage, `no folder`)
	})
}

// Servers that are none, and such that never come to an end.
func TestHostileServers(t *testing.T) {
	flood := func(w http.ResponseWriter, r *http.Request, head, again string) {
		_, _ = w.Write([]byte(head))
		chunk := []byte(strings.Repeat(again, 1+100_000/len(again)))
		for r.Context().Err() == nil {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}
	const advert = "application/x-git-upload-pack-advertisement"
	for name, c := range map[string]struct {
		serve func(w http.ResponseWriter, r *http.Request)
		words string
	}{
		"html":    {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>log in</html>")) }, ""},
		"nothing": {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Type", advert) }, ""},
		"500":     {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }, "500"},
		"403":     {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, ""},
		"loop":    {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), http.StatusFound) }, ""},
		"endless refs": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", advert)
			flood(w, r, "001e# service=git-upload-pack\n0000", "003d"+strings.Repeat("a", 40)+" refs/heads/abcdef\n")
		}, ""},
		"endless garbage": {func(w http.ResponseWriter, r *http.Request) { flood(w, r, "", "garbage\n") }, ""},
		"steering": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", advert)
			_, _ = w.Write([]byte("001e# service=git-upload-pack\n00000014ERR \x1b[2J\x1b[31mx"))
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOrigin(t)
			o.around = func(http.Handler) http.Handler { return http.HandlerFunc(c.serve) }
			both(t, func(t *testing.T, st *Store) {
				st.Timeout = 1500 * time.Millisecond
				err := inTime(t, st, o.url())
				// Git takes a page for a server of files that has none.
				if k := kind(err); k != diag.Environment && k != diag.Refused && !(name == "html" && k == diag.Usage) {
					t.Fatalf("%v", err)
				}
				if !strings.Contains(err.Error(), c.words) || !strings.Contains(err.Error(), o.url()) {
					t.Errorf("%v", err)
				}
			})
		})
	}
}

func kind(err error) diag.Kind {
	var e *diag.Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return diag.Bug
}

// An answer without end in the middle of the pack.
func TestEndlessPack(t *testing.T) {
	o := newOrigin(t)
	o.pack("name: web\n")
	o.around = func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodPost {
				next.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Content-Type", "application/x-git-upload-pack-result")
			chunk := []byte("0008NAK\n" + strings.Repeat("000c\x02spam..\n", 5000))
			for r.Context().Err() == nil {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		})
	}
	both(t, func(t *testing.T, st *Store) {
		st.Timeout = time.Second
		err := inTime(t, st, o.url())
		if k := kind(err); k != diag.Environment && k != diag.Refused {
			t.Errorf("%v", err)
		}
	})
}

// packOf writes a packfile: count objects as announced, then the raw entries.
func packOf(count uint32, entries ...[]byte) []byte {
	b := binary.BigEndian.AppendUint32([]byte("PACK\x00\x00\x00\x02"), count)
	for _, e := range entries {
		b = append(b, e...)
	}
	sum := sha1.Sum(b)
	return append(b, sum[:]...)
}

// packed is an entry: kind and declared size, what follows these, the bytes deflated.
func packed(kind byte, size uint64, between []byte, body string) []byte {
	b := []byte{kind<<4 | byte(size&15)}
	for size >>= 4; size > 0; size >>= 7 {
		b[len(b)-1] |= 0x80
		b = append(b, byte(size&0x7f))
	}
	out := bytes.NewBuffer(append(b, between...))
	z := zlib.NewWriter(out)
	_, _ = z.Write([]byte(body))
	_ = z.Close()
	return out.Bytes()
}

const blobKind, ofsDelta, refDelta = 3, 6, 7

func hostilePacks() map[string][]byte {
	base := packed(blobKind, 5, nil, "hello")
	delta := func(after uint64, ops string) string {
		return string(binary.AppendUvarint([]byte{5}, after)) + ops
	}
	bomb := delta(1<<40, strings.Repeat("\x90\x05", 20))
	back, negative := []byte{byte(len(base))}, delta(1<<64-1, "\x90\x05")
	return map[string][]byte{
		"declares a terabyte":      packOf(1, packed(blobKind, 1<<40, nil, "x")),
		"holds more":               packOf(1, packed(blobKind, 3, nil, strings.Repeat("x", 1<<20))),
		"delta to a terabyte":      packOf(2, base, packed(ofsDelta, uint64(len(bomb)), back, bomb)),
		"delta of nothing":         packOf(1, packed(refDelta, 4, bytes.Repeat([]byte{1}, 20), "\x05\x05\x90\x05")),
		"delta of itself":          packOf(1, packed(ofsDelta, 4, []byte{0}, "\x05\x05\x90\x05")),
		"delta before the file":    packOf(1, packed(ofsDelta, 4, []byte{0x7f}, "\x05\x05\x90\x05")),
		"delta without sizes":      packOf(2, base, packed(ofsDelta, 1, back, "\xff")),
		"delta with one size":      packOf(2, base, packed(ofsDelta, 13, back, "\x05"+strings.Repeat("\xff", 12))),
		"delta to a negative size": packOf(2, base, packed(ofsDelta, uint64(len(negative)), back, negative)),
		"four billion objects":     packOf(1<<32-1, base),
		"fewer than announced":     packOf(2, base),
		"no pack":                  []byte("PUCK\x00\x00\x00\x02\x00\x00\x00\x01"),
		"nothing":                  nil,
		"half":                     packOf(1, base)[:20],
		"wrong sum":                append(packOf(1, base)[:12+len(base)], bytes.Repeat([]byte{0}, 20)...),
	}
}

func TestHostilePackfiles(t *testing.T) {
	ref := packOf(2, packed(blobKind, 5, nil, "hello"), packed(ofsDelta, 4, []byte{byte(len(packed(blobKind, 5, nil, "hello")))}, "\x05\x05\x90\x05"))
	if _, err := unpack(t.Context(), Spec{}, bytes.NewReader(ref)); err != nil {
		t.Fatalf("a good one: %v", err)
	}
	says := map[string]string{
		"declares a terabyte": "an object of 1099511627776 bytes", "delta to a terabyte": "an object of 1099511627776 bytes", "delta to a negative size": "an object of -1 bytes",
		"delta of nothing": "and not the object", "delta without sizes": "invalid delta", "delta with one size": "invalid delta", "four billion objects": "4294967295 objects",
	}
	for name, src := range hostilePacks() {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			if _, err := unpack(t.Context(), Spec{repo: "gh:a/b"}, bytes.NewReader(src)); err == nil || !strings.Contains(err.Error(), says[name]) {
				t.Errorf("%v; want %q", err, says[name])
			}
			runtime.ReadMemStats(&after)
			if n := after.TotalAlloc - before.TotalAlloc; n > 16<<20 {
				t.Errorf("took %d MiB", n>>20)
			}
		})
		t.Run(name+" for git", func(t *testing.T) {
			st, _ := newStore(t)
			r, err := st.newRepo(parse(t, "gh:a/b"))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = os.RemoveAll(r.dir) }() // the system cleans what is left
			cmd := r.command(t.Context(), "index-pack", "--stdin", "--strict")
			cmd.Stdin = bytes.NewReader(src)
			start := time.Now()
			if err := cmd.Run(); err == nil || time.Since(start) > 2*time.Second {
				t.Errorf("%v in %v", err, time.Since(start))
			}
			if strings.Contains(name, "terabyte") && !strings.Contains(string(cmd.Stderr.(*words).b), "over limit") {
				t.Errorf("git says %s", cmd.Stderr.(*words).b)
			}
		})
	}
}

func FuzzUnpack(f *testing.F) {
	for _, src := range hostilePacks() {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		_, _ = unpack(t.Context(), Spec{}, bytes.NewReader(src))
	})
}

func FuzzDecode(f *testing.F) {
	f.Add(encode([]pack.SourceFile{{Path: "a", Body: []byte("b")}, {Path: "c/d", Body: nil}}))
	f.Add([]byte("1 1\nab1 99999999\n"))
	f.Add([]byte("+1 01\nab"))
	f.Fuzz(func(t *testing.T, src []byte) {
		files, ok := decode(src)
		if !ok {
			return
		}
		again, ok := decode(encode(files))
		if !ok || len(again) != len(files) {
			t.Errorf("%q", src)
		}
	})
}

// The ways that go wrong, where go-git has to go them.
func TestWithoutGit(t *testing.T) {
	o := newOrigin(t)
	commit := o.pack("name: web\n", "v1")
	text := o.url() + "//web@v1"
	st, said := newStore(t)
	st.Git = ""
	want := open(t, st, text)

	// A pin, and a tag that moved.
	if now, err := st.Moved(t.Context(), want.Pin); err != nil || now != commit {
		t.Errorf("moved to %s, %v", now, err)
	}
	o.pack("name: other\n", "v1")
	if now, err := st.Moved(t.Context(), want.Pin); err != nil || now == commit {
		t.Errorf("not moved, %v", err)
	}
	open(t, st, text)
	if len(*said) != 1 || !strings.Contains((*said)[0], "moved") {
		t.Errorf("said %q", *said)
	}

	// A private repository: the login of the URL is used, and git's is not there.
	o.login = "ann:sesame"
	failsAs(t, inTime(t, st, o.url()+"//base"), diag.Environment, "not there for everybody", "install git")
	open(t, st, strings.Replace(o.url(), "http://", "http://ann:sesame@", 1)+"//base")
	o.login = ""

	// A truncated answer, and one that does not come.
	for _, around := range []func(http.Handler) http.Handler{cutBody, sleepy} {
		o.around = around
		st.Timeout = time.Second
		failsAs(t, inTime(t, st, o.url()+"//base@main"), diag.Environment, "cannot be fetched")
	}

	// ssh is for git alone.
	failsAs(t, inTime(t, st, "git@127.0.0.1:a/b.git"), diag.Environment, "git is not installed")

	// Gone, with a copy.
	o.Close()
	*said = nil
	if again := open(t, st, text); again.Pin.Commit == commit || len(*said) != 1 {
		t.Errorf("%+v, said %q", again.Pin, *said)
	}
}

// cutBody ends every answer to a POST after some bytes.
func cutBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			next.ServeHTTP(w, r)
			return
		}
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		w.Header().Set("Content-Type", rec.Header().Get("Content-Type"))
		w.Header().Set("Content-Length", fmt.Sprint(rec.Body.Len()))
		_, _ = w.Write(rec.Body.Bytes()[:rec.Body.Len()/2])
		panic(http.ErrAbortHandler)
	})
}

func TestRedirectCarriesNoLoginWithoutGit(t *testing.T) {
	target, first := newOrigin(t), newOrigin(t)
	target.pack("name: web\n")
	first.around = func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, strings.Replace(target.URL, "127.0.0.1", "localhost", 1)+r.URL.RequestURI(), http.StatusMovedPermanently)
		})
	}
	st, _ := newStore(t)
	st.Git = ""
	open(t, st, strings.Replace(first.url(), "http://", "http://ann:sesame@", 1)+"//web")
	if first.offered.Load() == nil || target.offered.Load() != nil || target.requests.Load() < 2 {
		t.Errorf("told the first %v, the other %v", first.offered.Load(), target.offered.Load())
	}
}
