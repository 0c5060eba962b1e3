package source

import (
	"cmp"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/names"
)

// Spec says where a pack is kept: a folder of this machine, or a folder of a
// repository. Its zero value is no place.
type Spec struct {
	folder string   // as it is opened; empty for a repository
	known  []string // the names of the list, where folder is a word that is none of them

	repo   string        // as it is shown: gh:owner/repo or a URL without a login
	url    string        // what git gets, without a login
	login  *url.Userinfo // from the URL; handed to git, never shown or kept
	dir    string        // of the pack in the repository; empty for its top
	ref    string        // tag, branch or commit; empty for the default branch
	commit string        // the only commit that will do, if not empty
}

// String gives the source as Parse reads it, without a login.
func (s Spec) String() string {
	if s.repo == "" {
		return shownFolder(s.folder)
	}
	text := s.repo
	if s.dir != "" {
		text += "//" + s.dir
	}
	if s.ref != "" {
		text += "@" + s.ref
	}
	return text
}

// GoString keeps the login out of %#v as well.
func (s Spec) GoString() string { return "source.Spec(" + s.String() + ")" }

// IsFolder tells whether the pack is a folder of this machine.
func (s Spec) IsFolder() bool { return s.repo == "" }

// shownFolder gives a folder with slashes; a relative one begins with a dot, so
// that it cannot be taken for a name.
func shownFolder(dir string) string {
	dir = filepath.ToSlash(dir)
	if filepath.IsAbs(dir) || dir == "." || dir == ".." || strings.HasPrefix(dir, "../") || strings.HasPrefix(dir, "/") {
		return dir
	}
	return "./" + dir
}

// maxText is longer than any address that a person types.
const maxText = 1000

// Parse reads what stands behind --template. list gives the source of each name of a
// team's list. It touches nothing: a single word that is no such name is taken for a
// folder, and opening it says so if there is none. Errors are of kind Usage.
func Parse(text string, list map[string]string) (Spec, error) {
	switch {
	case text == "":
		return Spec{}, bad(text, forms, "is empty")
	case len(text) > maxText || !utf8.ValidString(text) || strings.ContainsFunc(text, unprintable):
		return Spec{}, diag.New(diag.Usage, forms, "the source of a template is not one line of readable text of at most %d bytes", maxText)
	case text[0] == '-':
		return Spec{}, bad(text, "write ./ in front of the name of a folder", "begins with a dash")
	}
	if source, ok := list[text]; ok {
		return Parse(source, nil)
	}
	scheme, rest, hasScheme := strings.Cut(text, ":")
	switch {
	case isFolder(text):
		return Spec{folder: filepath.Clean(text)}, nil
	case !hasScheme:
		known := make([]string, 0, len(list))
		for name := range list {
			known = append(known, name)
		}
		slices.Sort(known)
		return Spec{folder: filepath.Clean(text), known: known}, nil
	case scheme == "gh":
		return hosted(text, rest, "https://github.com/", 2)
	case scheme == "gl":
		return hosted(text, rest, "https://gitlab.com/", 20)
	case strings.HasPrefix(rest, "//"):
		return repository(text, strings.ToLower(scheme), rest[2:])
	case strings.Contains(scheme, "@"):
		return scp(text)
	}
	return Spec{}, bad(text, forms, "is none of the forms that are known")
}

const forms = "./folder, gh:owner/repository//folder@v1.2, https://host/repository.git//folder@v1.2 or a name from your list"

// bad is a source that cannot be taken. A login in it is not repeated.
func bad(text, hint, format string, args ...any) error {
	return diag.New(diag.Usage, hint, "the template source %q "+format, append([]any{withoutLogin(text)}, args...)...)
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) }

// withoutLogin takes out what stands between the scheme and the host.
func withoutLogin(text string) string {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		return text
	}
	host, _, _ := strings.Cut(rest, "/")
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		return scheme + "://…" + rest[i:]
	}
	if !strings.Contains(rest, "/") || !strings.Contains(rest, "@") {
		return text
	}
	// A password with a slash in it: nothing tells where the login ends.
	return scheme + "://…"
}

// isFolder reports paths: what begins with a dot, a slash or a drive, and what has a
// separator but nothing that an address has.
func isFolder(text string) bool {
	drive := len(text) > 2 && text[1] == ':' && (text[2] == '\\' || text[2] == '/') && unicode.IsLetter(rune(text[0]))
	return drive || strings.HasPrefix(text, ".") || strings.HasPrefix(text, "/") || strings.HasPrefix(text, `\`) ||
		strings.ContainsAny(text, `/\`) && !strings.Contains(text, ":")
}

// patterns are what parts of an address may look like: less than servers allow, and
// nothing that git, ssh or a shell could take for an option or a command.
var patterns = sync.OnceValue(func() (p struct{ part, host, path, user, ref *regexp.Regexp }) {
	p.part = regexp.MustCompile(`^[A-Za-z0-9_.][A-Za-z0-9_.-]*$`)
	p.host = regexp.MustCompile(`^([A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$`)
	p.path = regexp.MustCompile(`^[A-Za-z0-9_.~][A-Za-z0-9_.~/%+-]*$`)
	p.user = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)
	p.ref = regexp.MustCompile(`^[A-Za-z0-9_@][A-Za-z0-9_.+@/-]*$`)
	return p
})

// hosted reads owner/repository//folder@ref of a well-known host.
func hosted(text, rest, host string, most int) (Spec, error) {
	s, err := parts(text, rest)
	if err != nil {
		return s, err
	}
	segments := strings.Split(s.repo, "/")
	if len(segments) < 2 || len(segments) > most {
		return s, bad(text, "for example gh:owner/repository//folder@v1.2", "does not name an owner and a repository")
	}
	for _, seg := range segments {
		if !patterns().part.MatchString(seg) || seg == "." || seg == ".." {
			return s, bad(text, "", "holds %q, which is no name of an owner or a repository", seg)
		}
	}
	s.url = host + strings.TrimSuffix(s.repo, ".git") + ".git"
	s.repo = text[:3] + s.repo
	return s, nil
}

// repository reads what stands behind the // of a URL.
func repository(text, scheme, rest string) (Spec, error) {
	authority, rest, _ := strings.Cut(rest, "/")
	login, host := "", authority
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		login, host = authority[:i], authority[i+1:]
	}
	switch {
	case scheme == "https" || scheme == "ssh":
	case scheme == "http" && loopback(host): // nobody can listen in between
	default:
		return Spec{}, bad(text, "use https or ssh; a folder is named by its path", "has the scheme %s, which is not taken", scheme)
	}
	if !patterns().host.MatchString(host) {
		return Spec{}, bad(text, "", "names no host")
	}
	s, err := parts(text, rest)
	if err != nil {
		return s, err
	}
	s.repo = strings.TrimSuffix(s.repo, "/") // behind it the // of a folder would begin too early
	if !patterns().path.MatchString(s.repo) || path.Clean("/"+s.repo) != "/"+s.repo {
		return s, bad(text, "a folder of the repository is put behind //, a tag behind @", "holds %q, which is no path of a repository", s.repo)
	}
	before := ""
	if login != "" {
		if s.login, err = readLogin(login); err != nil {
			return s, bad(text, "write special characters as %XX", "has a login that cannot be read")
		}
		if scheme == "ssh" {
			if _, secret := s.login.Password(); secret || !patterns().user.MatchString(s.login.Username()) {
				return s, bad(text, "ssh logs in by key: ssh://git@host/…", "has a login that ssh does not take")
			}
			before, s.login = s.login.Username()+"@", nil
		}
	}
	s.url = scheme + "://" + before + strings.ToLower(host) + "/" + s.repo
	s.repo = s.url
	return s, nil
}

// readLogin reads user:password as a URL has it.
func readLogin(text string) (*url.Userinfo, error) {
	name, secret, has := strings.Cut(text, ":")
	name, err1 := url.PathUnescape(name)
	secret, err2 := url.PathUnescape(secret)
	if err := cmp.Or(err1, err2); err != nil {
		return nil, err
	}
	if strings.ContainsFunc(name+secret, unicode.IsControl) { // the protocol to git's helpers goes by lines
		return nil, url.InvalidHostError("control character")
	}
	if !has {
		return url.User(name), nil
	}
	return url.UserPassword(name, secret), nil
}

func loopback(host string) bool {
	if !strings.HasSuffix(host, "]") {
		if i := strings.LastIndexByte(host, ':'); i >= 0 {
			host = host[:i]
		}
	}
	return host == "127.0.0.1" || host == "localhost" || host == "[::1]"
}

// scp reads user@host:path, as ssh's own tools have it.
func scp(text string) (Spec, error) {
	user, rest, _ := strings.Cut(text, "@")
	host, rest, _ := strings.Cut(rest, ":")
	s, err := parts(text, rest)
	if err != nil {
		return s, err
	}
	s.repo = strings.TrimSuffix(s.repo, "/")
	p := patterns()
	if !p.user.MatchString(user) || !p.host.MatchString(host) || !p.path.MatchString(strings.TrimPrefix(s.repo, "/")) {
		return s, bad(text, "for example git@host:owner/repository.git//folder@v1.2", "is no address for ssh")
	}
	s.repo = user + "@" + host + ":" + s.repo
	s.url = s.repo
	return s, nil
}

// parts cuts repository//folder@ref and checks folder and ref.
func parts(text, rest string) (Spec, error) {
	rest, ref, hasRef := strings.Cut(rest, "@")
	repo, dir, hasDir := strings.Cut(rest, "//")
	s := Spec{repo: repo, dir: strings.TrimSuffix(dir, "/"), ref: ref}
	if hasRef && !validRef(ref) {
		return s, bad(text, "a tag, a branch or the 40 digits of a commit, such as @v1.2", "holds %q, which is no name of a tag or a branch", ref)
	}
	if hasDir {
		if err := names.CheckPath(s.dir); err != nil {
			return s, bad(text, "", "names a folder that cannot be: %v", err)
		}
	}
	return s, nil
}

// validRef is stricter than git-check-ref-format(1).
func validRef(ref string) bool {
	if len(ref) > 200 || !patterns().ref.MatchString(ref) || ref == "@" || strings.HasSuffix(ref, ".") || strings.Contains(ref, "..") {
		return false
	}
	for part := range strings.SplitSeq(ref, "/") {
		if part == "" || part[0] == '.' || part[0] == '-' || strings.HasSuffix(part, ".lock") {
			return false
		}
	}
	return true
}

// At gives the same pack at one commit, whatever its tag or branch says by now.
func (s Spec) At(commit string) Spec {
	if s.repo != "" {
		s.commit = commit
	}
	return s
}

// Join gives the pack that a pack at s names as its base. ./x and ../x lie beside it:
// in the same repository, which they cannot leave, and at the same commit if s has
// one (see At), or in a neighbouring folder. Any other text is a source of its own,
// but what came from elsewhere names no folder of this machine. Errors are of kind
// Refused.
func (s Spec) Join(text string) (Spec, error) {
	refuse := func(why string) (Spec, error) {
		return Spec{}, diag.New(diag.Refused, "", "the pack %s stands on %q, %s", s, withoutLogin(text), why)
	}
	if !strings.HasPrefix(text, "./") && !strings.HasPrefix(text, "../") {
		other, err := Parse(text, nil)
		switch {
		case err != nil:
			return refuse("which is no source of packs")
		case other.IsFolder():
			return refuse("which would be a folder of this machine; it can only name ../neighbours and repositories")
		}
		return other, nil
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, unprintable) || strings.ContainsAny(text, `\:`) || len(s.String())+len(text) > maxText {
		return refuse("which is no path")
	}
	if s.repo == "" {
		s.folder, s.known = filepath.Join(s.folder, filepath.FromSlash(text)), nil
		return s, nil
	}
	dir := path.Join(s.dir, text)
	switch {
	case dir == ".":
		dir = ""
	case dir == ".." || strings.HasPrefix(dir, "../"):
		return refuse("which lies outside of its repository")
	case names.CheckPath(dir) != nil || strings.Contains(dir, "@"): // which would begin a tag's name
		return refuse("which is no path")
	}
	s.dir = dir
	return s, nil
}
