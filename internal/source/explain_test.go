package source

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing/transport"

	"github.com/stackinit/stackinit/internal/diag"
)

// What git says decides about the exit code and what people are told to do.
func TestJudge(t *testing.T) {
	s := parse(t, "gh:a/b@v9").At(strings.Repeat("a", 40))
	for said, c := range map[string]struct {
		kind diag.Kind
		why  string
	}{
		"attempting to allocate 1099511627777 over limit 67108864":              {diag.Refused, "an object of more than 64 MiB"},
		"object 12: hasDotgit: contains '.git'; fsck error in packed object":    {diag.Refused, "an attack or a fault"},
		"couldn't find remote ref v9":                                           {diag.Usage, `no tag or branch "v9"`},
		"remote error: upload-pack: not our ref 12":                             {diag.Environment, "does not give commit"},
		"transport 'file' not allowed":                                          {diag.Refused, "something else than https or ssh"},
		"Authentication failed for 'x'":                                         {diag.Environment, "may not read"},
		"repository 'x' not found":                                              {diag.Environment, "there is no repository"},
		"Host key verification failed.; Could not read from remote repository.": {diag.Environment, "connect once by hand with ssh"},
		"unable to access 'x': Could not resolve host: x":                       {diag.Environment, "check the network"},
	} {
		failsAs(t, judge(s, said), c.kind, c.why)
	}
	failsAs(t, judge(parse(t, "gh:a/b"), "couldn't find remote ref HEAD"), diag.Usage, "has no default branch")
}

func TestExplainGitThatDoesNotWork(t *testing.T) {
	r := &repo{spec: parse(t, "gh:a/b")}
	said := func(text string) *exec.Cmd { return &exec.Cmd{Stderr: &words{[]byte(text)}} }
	failsAs(t, r.explain(t.Context(), said("fatal: x"), exec.ErrWaitDelay), diag.Environment, "git does not work", "x")
	failsAs(t, r.explain(t.Context(), said(""), &exec.ExitError{}), diag.Environment, "git does not work")
	failsAs(t, r.explain(t.Context(), said("fatal: x"), &exec.ExitError{}), diag.Environment, "cannot be fetched: x")
	for _, cause := range []error{errors.New("interrupted"), diag.New(diag.Refused, "", "too much: %w", context.DeadlineExceeded)} {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(cause)
		if err := r.explain(ctx, said("fatal: x"), &exec.ExitError{}); !errors.Is(err, cause) {
			t.Errorf("%v; want %v", err, cause)
		}
	}
}

func TestExplainWithoutGit(t *testing.T) {
	c := &session{spec: parse(t, "gh:a/b@v9")}
	for _, e := range []struct {
		err  error
		kind diag.Kind
		why  string
	}{
		{refused(c.spec, "x", "y"), diag.Refused, `"x": y`},
		{errReply, diag.Refused, "sends more than 64 MiB"},
		{transport.ErrAuthenticationRequired, diag.Environment, "not there for everybody"},
		{transport.ErrAuthorizationFailed, diag.Environment, "not there for everybody"},
		{transport.ErrRepositoryNotFound, diag.Environment, "not there for everybody"},
		{transport.ErrEmptyRemoteRepository, diag.Usage, `no tag or branch "v9"`},
		{errors.New("dial tcp"), diag.Environment, "cannot be fetched: dial tcp"},
	} {
		failsAs(t, c.explain(t.Context(), e.err), e.kind, e.why)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("interrupted")
	cancel(cause)
	if err := c.explain(ctx, errReply); !errors.Is(err, cause) {
		t.Errorf("%v", err)
	}
}

func TestAddressesWithoutGit(t *testing.T) {
	_, err := connect(t.Context(), parse(t, "https://host.example/a%zz"))
	failsAs(t, err, diag.Usage, "is no address of a repository")
	_, err = connect(t.Context(), parse(t, "ssh://git@host.example/a"))
	failsAs(t, err, diag.Environment, "git is not installed")
	at := func(scheme string) *http.Request { return &http.Request{URL: &url.URL{Scheme: scheme}} }
	for way, ok := range map[[2]string]bool{{"https", "https"}: true, {"http", "https"}: true, {"http", "http"}: true, {"https", "http"}: false, {"http", "ftp"}: false, {"https", "file"}: false} {
		if err := staysSafe(at(way[1]), []*http.Request{at(way[0])}); (err == nil) != ok {
			t.Errorf("%v: %v", way, err)
		}
	}
}

func TestRepliesEnd(t *testing.T) {
	body := &limitedBody{io.NopCloser(strings.NewReader("12345")), 4}
	if b, err := io.ReadAll(body); !errors.Is(err, errReply) {
		t.Errorf("%q, %v", b, err)
	}
}
