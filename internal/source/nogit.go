package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/capability"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/sideband"
	"github.com/go-git/go-git/v5/plumbing/transport"
	githttp "github.com/go-git/go-git/v5/plumbing/transport/http"

	"github.com/stackinit/stackinit/internal/diag"
)

// Where git is not installed, go-git speaks for it over https. It knows no credential
// helpers and no ssh settings, and keeps everything in memory.

// maxReply is the most that a server may send, in bytes.
const maxReply = 64 << 20

// session is a conversation with a server about one repository.
type session struct {
	spec   Spec
	server transport.UploadPackSession
	refs   *packp.AdvRefs
}

func connect(ctx context.Context, s Spec) (*session, error) {
	if !strings.HasPrefix(s.url, "http") {
		return nil, diag.New(diag.Environment, "install git, or take an https address", "git is not installed, and without it %s cannot be reached by ssh", s)
	}
	end, err := transport.NewEndpoint(s.url)
	if err != nil {
		return nil, diag.New(diag.Usage, "", "%s is no address of a repository: %w", s, err)
	}
	var login transport.AuthMethod
	if s.login != nil {
		secret, _ := s.login.Password()
		login = &githttp.BasicAuth{Username: s.login.Username(), Password: secret}
	}
	client := githttp.NewClient(&http.Client{Transport: limited{http.DefaultTransport}, CheckRedirect: staysSafe})
	c := &session{spec: s}
	if c.server, err = client.NewUploadPackSession(end, login); err == nil {
		c.refs, err = c.server.AdvertisedReferencesContext(ctx)
	}
	if err != nil {
		return nil, c.explain(ctx, err)
	}
	return c, nil
}

// staysSafe lets no redirect lead away from https.
func staysSafe(to *http.Request, via []*http.Request) error {
	if from := via[0].URL.Scheme; to.URL.Scheme != from && to.URL.Scheme != "https" {
		return fmt.Errorf("the server leads from %s to %s", from, to.URL.Scheme)
	}
	return nil
}

var errReply = errors.New("the server sends too much")

// limited ends answers at maxReply.
type limited struct{ http.RoundTripper }

func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := l.RoundTripper.RoundTrip(r)
	if err == nil {
		res.Body = &limitedBody{res.Body, maxReply}
	}
	return res, err
}

type limitedBody struct {
	io.ReadCloser
	left int64
}

func (b *limitedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errReply
	}
	return n, err
}

// explain makes an error for people from one of go-git.
func (c *session) explain(ctx context.Context, err error) error {
	var e *diag.Error
	switch {
	case errors.As(err, &e):
		return err
	case ctx.Err() != nil && errors.Is(context.Cause(ctx), context.DeadlineExceeded):
		return outOfReach(c.spec, context.Cause(ctx).Error())
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, errReply):
		return diag.New(diag.Refused, "with git installed more is taken", "the template pack %s is refused: its repository sends more than %d MiB", c.spec, maxReply>>20)
	case errors.Is(err, transport.ErrAuthenticationRequired), errors.Is(err, transport.ErrAuthorizationFailed), errors.Is(err, transport.ErrRepositoryNotFound):
		return diag.New(diag.Environment, "check the address; if the repository is private, install git, whose login is used", "the repository of %s is not there for everybody: %v", c.spec, err)
	case errors.Is(err, transport.ErrEmptyRemoteRepository):
		return noRef(c.spec)
	}
	return outOfReach(c.spec, c.spec.hideLogin(oneLine(err.Error())))
}

func askWithoutGit(ctx context.Context, s Spec) (string, error) {
	c, err := connect(ctx, s)
	if err != nil {
		return "", err
	}
	commit, _, err := c.choose()
	return commit, err
}

// choose gives the commit that the ref of the source names.
func (c *session) choose() (commit string, tag bool, err error) {
	refs := map[string]string{}
	for name, hash := range c.refs.References {
		refs[name] = hash.String()
	}
	for name, hash := range c.refs.Peeled {
		refs[name+"^{}"] = hash.String()
	}
	if c.refs.Head != nil {
		refs["HEAD"] = c.refs.Head.String()
	}
	commit, err = choose(c.spec, refs)
	return commit, refs["refs/tags/"+c.spec.ref] != "", err
}

func fetchWithoutGit(ctx context.Context, s Spec) (*fetched, error) {
	c, err := connect(ctx, s)
	if err != nil {
		return nil, err
	}
	got := &fetched{commit: s.commit}
	if got.commit == "" {
		if got.commit, got.tag, err = c.choose(); err != nil {
			return nil, err
		}
	}
	store, err := c.download(ctx, plumbing.NewHash(got.commit))
	if err != nil {
		return nil, c.explain(ctx, err)
	}
	got.files, err = store.files(s, got.commit)
	return got, err
}

// download gets the objects of one commit.
func (c *session) download(ctx context.Context, commit plumbing.Hash) (objects, error) {
	req := packp.NewUploadPackRequestFromCapabilities(c.refs.Capabilities)
	req.Wants = []plumbing.Hash{commit}
	if c.refs.Capabilities.Supports(capability.Shallow) {
		req.Depth = packp.DepthCommits(1)
		if err := req.Capabilities.Set(capability.Shallow); err != nil {
			return nil, err
		}
	}
	res, err := c.server.UploadPack(ctx, req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Close() }() // read to its end, or not wanted any more
	var from io.Reader = res
	switch {
	case req.Capabilities.Supports(capability.Sideband64k):
		from = sideband.NewDemuxer(sideband.Sideband64k, res)
	case req.Capabilities.Supports(capability.Sideband):
		from = sideband.NewDemuxer(sideband.Sideband, res)
	}
	return unpack(ctx, c.spec, from)
}
