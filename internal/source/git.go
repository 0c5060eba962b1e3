package source

import (
	"bufio"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
)

// fetched is what came out of a repository.
type fetched struct {
	commit string
	tag    bool // the ref is a tag, which is not meant to move
	files  []pack.SourceFile
}

const (
	maxFetch  = 256 << 20 // bytes of the objects of one commit, compressed
	maxObject = 64 << 20  // bytes of any object, outside of the pack's folder too
)

// unreachable is a repository that cannot be had for now: a copy will do.
type unreachable struct{ text string }

func (u *unreachable) Error() string { return u.text }

// fetch gets one commit of a repository and reads the pack's folder from its objects.
func (st *Store) fetch(ctx context.Context, s Spec) (*fetched, error) {
	ctx, done := st.patience(ctx, s)
	defer done()
	if st.Git == "" {
		return fetchWithoutGit(ctx, s)
	}
	r, err := st.newRepo(s)
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(r.dir) }() // a temporary folder of our own
	got := &fetched{}
	got.commit, got.tag, err = r.download(ctx)
	if r.asks = st.Terminal && isA[*noLogin](err); r.asks {
		// Only now, as what shares the terminal cannot be ended with all that it started.
		got.commit, got.tag, err = r.download(ctx)
		r.asks = false
	}
	if err != nil {
		return nil, err
	}
	got.files, err = r.files(ctx, got.commit)
	return got, err
}

// patience bounds the time for a repository and tells people what they wait for.
func (st *Store) patience(ctx context.Context, s Spec) (context.Context, func()) {
	most := st.Timeout
	if most == 0 {
		most = 2 * time.Minute
	}
	late := fmt.Errorf("no answer within %v: %w", most, context.DeadlineExceeded)
	ctx, cancel := context.WithTimeoutCause(ctx, most, late)
	slow := time.AfterFunc(500*time.Millisecond, func() { st.say("fetching %s …", s) })
	return ctx, func() { slow.Stop(); cancel() }
}

// repo is a bare repository in a temporary folder, for one commit.
type repo struct {
	spec Spec
	dir  string
	git  string
	env  []string
	asks bool // git and ssh may ask for a login in the terminal
}

// newRepo lays out what git takes for a repository. git init would take templates
// with hooks from the user's settings.
func (st *Store) newRepo(s Spec) (*repo, error) {
	dir, err := os.MkdirTemp("", "stackinit-")
	for _, d := range []string{"objects", "refs"} {
		if err == nil {
			err = os.Mkdir(filepath.Join(dir, d), 0o700)
		}
	}
	for name, text := range map[string]string{"HEAD": "ref: refs/heads/none\n", "config": "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"} {
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600)
		}
	}
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, diag.New(diag.Environment, "", "there is no place for a repository: %w", err)
	}
	return &repo{spec: s, dir: dir, git: st.Git, env: environment(st.Env, s, dir)}, nil
}

// environment is that of the user without git's own variables, except for those that
// configure it or say how to get through to servers. The rest (GIT_DIR, …) names the
// repository of the hook or rebase that stackinit may be run from, or traces logins.
func environment(env []string, s Spec, dir string) []string {
	kept := []string{"GIT_CONFIG_", "GIT_EXEC_PATH=", "GIT_SSH=", "GIT_SSH_", "GIT_SSL_", "GIT_PROXY_", "GIT_HTTP_", "GIT_ASKPASS="}
	var out []string
	for _, e := range env {
		if !strings.HasPrefix(e, "GIT_") || slices.ContainsFunc(kept, func(k string) bool { return strings.HasPrefix(e, k) }) {
			out = append(out, e)
		}
	}
	// A list of protocols wins over all settings, for redirects and rewritten URLs
	// as well: what is not in it (file, git, ext and other helpers) does not exist.
	protocols := "https:ssh"
	if strings.HasPrefix(s.url, "http:") {
		protocols += ":http"
	}
	out = append(out, "GIT_DIR="+dir, "GIT_ALLOW_PROTOCOL="+protocols, "LC_ALL=C", "LANGUAGE=C", "GIT_NO_REPLACE_OBJECTS=1", "GIT_NO_LAZY_FETCH=1",
		fmt.Sprintf("GIT_ALLOC_LIMIT=%d", maxObject)) // a bomb is refused by the size that it declares
	if s.login != nil {
		secret, _ := s.login.Password()
		out = append(out, "STACKINIT_USER="+s.login.Username(), "STACKINIT_PASSWORD="+secret)
	}
	return out
}

// settings that win over the user's: no hooks, no work behind our back, every object
// is checked and none too big for GIT_ALLOC_LIMIT is streamed past it.
var settings = []string{
	"core.hooksPath=" + os.DevNull, "core.fsmonitor=false", "core.alternateRefsCommand=", "gc.auto=0", "maintenance.auto=false",
	"transfer.fsckObjects=true", "fetch.fsckObjects=true", "transfer.unpackLimit=1", "fetch.unpackLimit=1", "core.bigFileThreshold=" + bigFile(),
	"fetch.recurseSubmodules=false", "submodule.recurse=false", "fetch.writeCommitGraph=false", "fetch.prune=false",
	"http.followRedirects=initial", "http.lowSpeedLimit=1", "http.lowSpeedTime=30", "transfer.bundleURI=false", "fetch.uriProtocols=", "pack.threads=1",
}

// bigFile is the largest size from which on git streams that git can count to.
func bigFile() string {
	if runtime.GOOS == "windows" || strconv.IntSize < 64 {
		return "3g"
	}
	return "1000000000g"
}

// loginHelper answers git's question for the login that stood in the URL: it is in no
// list of processes, and only that host is told.
const loginHelper = `!f() { test "$1" = get && printf 'username=%s\npassword=%s\n' "$STACKINIT_USER" "$STACKINIT_PASSWORD"; }; f`

func (r *repo) command(ctx context.Context, args ...string) *exec.Cmd {
	all := []string{}
	for _, s := range settings {
		all = append(all, "-c", s)
	}
	if r.spec.login != nil {
		i := strings.Index(r.spec.url, "://") + 3
		host, _, _ := strings.Cut(r.spec.url[i:], "/")
		key := "credential." + r.spec.url[:i] + host + ".helper="
		all = append(all, "-c", key, "-c", key+loginHelper) // the empty one forgets the user's
	}
	cmd := exec.CommandContext(ctx, r.git, append(all, args...)...)
	cmd.Dir, cmd.Env = r.dir, r.env
	cmd.WaitDelay = time.Second // a helper that git started may keep the pipes
	cmd.Stderr = &words{}
	if r.asks {
		sharedTerminal(cmd)
	} else {
		cmd.Env = append(slices.Clone(r.env), "GIT_TERMINAL_PROMPT=0")
		ownGroup(cmd)
	}
	return cmd
}

// words keeps the beginning of what git says: servers say as much as they like.
type words struct{ b []byte }

func (w *words) Write(p []byte) (int, error) {
	w.b = append(w.b, p[:min(len(p), 4000-len(w.b))]...)
	return len(p), nil
}

// output runs git and gives what it prints, at most some kilobytes.
func (r *repo) output(ctx context.Context, args ...string) (string, error) {
	cmd := r.command(ctx, args...)
	var out words
	cmd.Stdout = &out
	if err := cmd.Run(); err != nil {
		return "", r.explain(ctx, cmd, err)
	}
	return string(out.b), nil
}

// download fetches the commit and gives its name.
func (r *repo) download(ctx context.Context) (commit string, tag bool, err error) {
	ref := r.spec.ref
	switch {
	case r.spec.commit != "":
		ref = r.spec.commit
	case ref == "":
		ref = "HEAD"
	}
	err = r.fetchRef(ctx, ref)
	if isA[*notOffered](err) && r.spec.commit != "" && r.spec.ref != r.spec.commit {
		// A server that gives commits by their refs only: the ref may still be there.
		if r.spec.ref != "" {
			ref = r.spec.ref
		} else {
			ref = "HEAD"
		}
		err = r.fetchRef(ctx, ref)
	}
	if err != nil {
		return "", false, err
	}
	head, _ := os.ReadFile(filepath.Join(r.dir, "FETCH_HEAD")) // what cannot be read is no trace
	if len(head) < 40 || !isCommit(string(head[:40])) {
		return "", false, diag.New(diag.Environment, "", "git fetched %s and left no trace of it", r.spec)
	}
	out, err := r.output(ctx, "rev-parse", "--verify", "--end-of-options", string(head[:40])+"^{commit}")
	commit = strings.TrimSpace(out)
	switch {
	case ctx.Err() != nil:
		return "", false, err
	case !isCommit(commit):
		return "", false, diag.New(diag.Refused, "", "%q of the template pack %s names no commit", ref, r.spec)
	case r.spec.commit != "" && commit != r.spec.commit:
		return "", false, diag.New(diag.Environment, "ask those who keep it", "the repository of %s does not give commit %s any more; %s is %.12s by now", r.spec, r.spec.commit, ref, commit)
	}
	return commit, strings.Contains(string(head), "\ttag '"), nil
}

// fetchRef runs git fetch and ends it when more comes than a repository may have.
func (r *repo) fetchRef(ctx context.Context, ref string) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				if size(r.dir) > maxFetch {
					cancel(diag.New(diag.Refused, "", "the template pack %s is refused: its repository sends more than %d MiB", r.spec, maxFetch>>20))
				}
			}
		}
	}()
	_, err := r.output(ctx, "fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--", r.spec.url, ref)
	return err
}

// size adds up the files below dir; what vanishes meanwhile does not count.
func size(dir string) (n int64) {
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				n += info.Size()
			}
		}
		return nil
	})
	return n
}

// ask gives the commit that the ref of a source names.
func (st *Store) ask(ctx context.Context, s Spec) (string, error) {
	ctx, done := st.patience(ctx, s)
	defer done()
	if st.Git == "" {
		return askWithoutGit(ctx, s)
	}
	r, err := st.newRepo(s)
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(r.dir) }()
	args := append([]string{"ls-remote", "--quiet", "--", s.url}, candidates(s.ref)...)
	out, err := r.output(ctx, args...)
	if r.asks = st.Terminal && isA[*noLogin](err); r.asks {
		out, err = r.output(ctx, args...)
	}
	if err != nil {
		return "", err
	}
	refs := map[string]string{}
	for lines := bufio.NewScanner(strings.NewReader(out)); lines.Scan(); {
		commit, name, _ := strings.Cut(lines.Text(), "\t")
		refs[name] = commit
	}
	return choose(s, refs)
}

// candidates are the names that git tries for a ref, the first that is there counts.
func candidates(ref string) []string {
	if ref == "" {
		return []string{"HEAD"}
	}
	return []string{ref, "refs/" + ref, "refs/tags/" + ref + "^{}", "refs/tags/" + ref, "refs/heads/" + ref}
}

func choose(s Spec, refs map[string]string) (string, error) {
	for _, name := range candidates(s.ref) {
		if commit := refs[name]; isCommit(commit) {
			return commit, nil
		}
	}
	return "", noRef(s)
}

func noRef(s Spec) error {
	if s.ref == "" {
		return diag.New(diag.Usage, "name a tag or a branch behind @", "the repository of %s has no default branch", s)
	}
	return diag.New(diag.Usage, "a commit needs all its 40 digits", "the repository of %s has no tag or branch %q", s, s.ref)
}
