// Package packnew turns the files of a project into those of a template pack that
// gives the same files back, byte for byte. It is pure: reading and writing is for
// others.
package packnew

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stackinit/stackinit/internal/names"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/record"
)

// File is a regular file of the project.
type File struct {
	Path       string // slash-separated, below the project
	Body       []byte
	Executable bool
}

// Left is what does not become part of the pack.
type Left struct {
	Path string `json:"path"` // a folder's ends in a slash
	Why  string `json:"why"`
}

// never are names of what tools make anew, or of what is nobody else's business.
var never = map[string]string{
	".git": "the history of this project", ".hg": "the history of this project", ".svn": "the history of this project",
	"node_modules": made, ".venv": made, "venv": made, "__pycache__": made, "dist": made, "coverage": made, ".coverage": made,
	".pytest_cache": made, ".mypy_cache": made, ".ruff_cache": made, ".tox": made, ".nox": made, ".cache": made, ".eslintcache": made,
	".next": made, ".nuxt": made, ".turbo": made, ".parcel-cache": made, ".gradle": made, ".terraform": made,
	".DS_Store": made, "Thumbs.db": made,
}

// private are names, in lower case, of what tools keep logins and keys in; *.x is an ending.
var private = strings.Fields(`.env .git-credentials .netrc _netrc .pypirc .pgpass .htpasswd .vault-token .dockercfg .s3cfg .boto .secrets .bash_history
	.zsh_history .ssh .aws .azure .gnupg .kube kubeconfig id_rsa id_dsa id_ecdsa id_ed25519 master.key *.pem *.key *.p12 *.pfx *.jks *.keystore *.kdbx *.tfstate *.tfvars`)

const (
	made   = "made anew by tools"
	secret = "may hold secrets"
)

// Leave says why what stands at that path is no part of a pack, or nothing. size is in
// bytes and counts for files alone.
func Leave(at string, mode fs.FileMode, size int64) (why string) {
	base := path.Base(at)
	if why, ok := never[base]; ok {
		return why
	}
	low := strings.ToLower(base)
	switch {
	case slices.Contains(private, low) || path.Ext(low) != low && slices.Contains(private, "*"+path.Ext(low)):
		return secret
	case at == record.File:
		return "stackinit writes a record of its own"
	case strings.HasPrefix(low, ".env.") && !slices.Contains([]string{".env.example", ".env.sample", ".env.template"}, low):
		return secret
	case mode&fs.ModeSymlink != 0:
		return "a link"
	case mode.IsRegular() && size > pack.MaxFile:
		return fmt.Sprintf("larger than %d KiB", pack.MaxFile>>10)
	case !mode.IsRegular() && !mode.IsDir():
		return "neither file nor folder"
	case names.CheckPath(at) != nil:
		return "a name that some systems cannot have"
	}
	return ""
}

// tokens are how keys and the logins of package registries begin in files whose names
// do not tell.
var tokens = [][]byte{[]byte("PRIVATE KEY-----"), []byte(":_authToken"), []byte(":_password"), []byte("npmAuthToken:")}

// Tells says why the file of that content is no part of a pack, or nothing. A line that
// takes its token from the environment is none.
func Tells(body []byte) string {
	for _, t := range tokens {
		for rest := body; ; {
			_, after, found := bytes.Cut(rest, t)
			if !found {
				break
			}
			if line, _, _ := bytes.Cut(after, []byte("\n")); !bytes.Contains(line, []byte("${")) {
				return "holds a key or a token"
			}
			rest = after
		}
	}
	return ""
}

// Apart leaves out the files whose names are the same as another's where case does
// not count, as on Windows and macOS.
func Apart(files []File) (kept []File, left []Left) {
	kept = slices.Clone(files)
	for {
		paths := make([]string, len(kept))
		for i, f := range kept {
			paths[i] = f.Path
		}
		var clash *names.Clash
		if !errors.As(names.CheckTree(paths), &clash) {
			return kept, left
		}
		kept = slices.DeleteFunc(kept, func(f File) bool {
			out := f.Path == clash.Paths[1] || strings.HasPrefix(f.Path, clash.Paths[1]+"/")
			if out {
				left = append(left, Left{f.Path, "where case does not count it is " + clash.Paths[0]})
			}
			return out
		})
	}
}

// Pack gives the files of the pack: the project's below template/, with a manifest and
// a test. extends is the manifest's line of that key, or empty.
func Pack(name, description, extends string, files []File) []pack.SourceFile {
	var verbatim, executable []string
	all := []pack.SourceFile{}
	for _, f := range files {
		all = append(all, pack.SourceFile{Path: "template/" + f.Path, Body: f.Body})
		if strings.HasSuffix(f.Path, ".tmpl") || strings.Contains(f.Path, "{{") {
			verbatim = append(verbatim, f.Path)
		}
		if f.Executable {
			executable = append(executable, f.Path)
		}
	}
	var m bytes.Buffer
	fmt.Fprintf(&m, "schema: %s\nname: %s\ndescription: %s\n%s", pack.Schema, name, strconv.Quote(description), extends)
	m.WriteString("# The files in template/ are copied byte for byte. To have one rendered, end its name in\n# .tmpl: {{ .name }} in it is then the project's name, and {{ .tier }} the answer to a question\n# tier, which you write below questions.\n")
	globs(&m, "verbatim", "# Their own names end in .tmpl or hold {{: they stay as they are.\n", verbatim)
	globs(&m, "executable", "", executable)
	return append(all,
		pack.SourceFile{Path: pack.ManifestFile, Body: m.Bytes()},
		pack.SourceFile{Path: "tests/defaults.yaml", Body: []byte("# The project with all defaults. What it has to hold is written to tests/defaults by\n# stackinit template test --update\nname: my-service\n")})
}

func globs(m *bytes.Buffer, key, about string, paths []string) {
	if len(paths) == 0 {
		return
	}
	m.WriteString(about + key + ":\n")
	for _, p := range paths {
		m.WriteString("  - " + strconv.Quote(literal(p)) + "\n")
	}
}

var globEscapes = strings.NewReplacer("{", `\{`, "}", `\}`, "[", `\[`, "]", `\]`)

// literal is the glob that names exactly this path.
func literal(path string) string { return globEscapes.Replace(path) }
