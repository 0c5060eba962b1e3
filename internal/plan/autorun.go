package plan

import (
	"bytes"
	"cmp"
	"encoding/json"
	"path"
	"strings"
	"sync"

	"github.com/stackinit/stackinit/internal/names"
)

// Auto is a file that runs without anybody calling for it, and what runs it.
type Auto struct {
	Path string `json:"path"`
	Why  string `json:"why"`
}

// autorun names what other programs run by themselves, in lower case: when a folder is
// opened or entered, dependencies are installed, a commit is made or pushed. A name is a
// file's anywhere, with the folder that it has to lie in or not; *.x is an ending, and
// x/ everything below a folder.
var autorun = []struct{ names, why string }{
	{".vscode/tasks.json .vscode/settings.json .vscode/launch.json .vscode/mcp.json", "VS Code runs what it says when the folder is opened"},
	{"*.code-workspace", "VS Code runs what it says when it is opened"},
	{".idea/ .fleet/", "JetBrains' editors read it when the folder is opened"},
	{".zed/ .vs/ *.sublime-project .theia/", "the editor runs or obeys it when the folder is opened"},
	{".devcontainer/ .devcontainer.json", "editors build and start it when the folder is opened"},
	{".exrc .vimrc .nvimrc .nvim.lua .lvimrc .dir-locals.el .dir-locals-2.el", "the editor runs it when a file is opened"},
	{".gdbinit .lldbinit .pdbrc .rprofile .irbrc .pryrc", "a debugger or interpreter runs it when it is started in the folder"},
	{".envrc .autoenv .autoenv.zsh .mise.toml mise.toml .tool-versions .rvmrc", "the shell's helpers read it when the folder is entered"},
	{".npmrc .yarnrc .yarnrc.yml .pnpmfile.cjs pnpm-workspace.yaml bunfig.toml .pnp.cjs .bundle/", "the package manager obeys it at every call"},
	{".yarn/", "Yarn runs what lies there"},
	{"binding.gyp", "npm install builds with it"},
	{"setup.py pip.conf uv.toml hatch_build.py", "installing with pip or uv runs or obeys it"},
	{"sitecustomize.py usercustomize.py conftest.py", "Python or pytest runs it at every start"},
	{"*.pth", "Python runs it at every start"},
	{"build.rs", "cargo build runs it"},
	{".cargo/config .cargo/config.toml", "cargo obeys it at every call"},
	{".mvn/ gradle/ gradle.properties .bazelrc", "Maven, Gradle or Bazel runs or obeys it at every call"},
	{".pre-commit-config.yaml lefthook.yml .lefthook.yml .overcommit.yml .husky/ .githooks/", "runs at commits once its hooks are installed"},
	{".gitmodules .gitattributes .lfsconfig .gitconfig", "git obeys it"},
	{"head", "git takes a folder with it for a repository, and obeys the config beside it"},
	{".hg/ .bzr/ .svn/ .jj/", "version control takes it for a repository, and obeys its settings"},
	{".github/workflows/ .github/actions/", "GitHub runs it once it is pushed"},
	{".gitlab-ci.yml jenkinsfile azure-pipelines.yml .travis.yml .drone.yml .cirrus.yml appveyor.yml bitbucket-pipelines.yml", "the server runs it once it is pushed"},
	{".circleci/ .gitlab/ .buildkite/ .woodpecker/ .forgejo/ .gitea/ .ci/ .semaphore/ .tekton/", "the server runs it once it is pushed"},
	{"renovate.json renovate.json5 .renovaterc .renovaterc.json .github/renovate.json .github/renovate.json5 .github/dependabot.yml .github/dependabot.yaml", "a bot on the server obeys it"},
	{"agents.md claude.md gemini.md .cursorrules .windsurfrules .clinerules .mcp.json opencode.json .aider.conf.yml .github/copilot-instructions.md", "coding assistants obey it"},
	{".cursor/ .claude/ .gemini/ .windsurf/ .codex/ .clinerules/ .roo/ .kiro/ .junie/ .continue/ .opencode/ .github/instructions/ .github/agents/", "coding assistants obey or run it"},
}

// autorunNames is the table by name: a project may have ten thousand files, and a glob
// for each of its rows took a tenth of all the time.
var autorunNames = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, row := range autorun {
		for _, name := range strings.Fields(row.names) {
			all[name] = row.why
		}
	}
	return all
})

// runner says what runs the file at that path in lower case, or nothing.
func runner(file string) string {
	all := autorunNames()
	above, from := 0, 0 // where the folder begins that the segment lies in, and the segment
	for {
		length := strings.IndexByte(file[from:], '/')
		if length < 0 {
			break
		}
		end := from + length + 1
		if why := cmp.Or(all[file[from:end]], all[file[above:end]]); why != "" {
			return why
		}
		above, from = from, end
	}
	return cmp.Or(all[file[from:]], all[file[above:]], all["*"+path.Ext(file)])
}

// RunsByItself lists the files that run without being called, sorted by path: those
// that packs from elsewhere bring or change, or all of them.
func (p *Plan) RunsByItself(all bool) []Auto {
	found := []Auto{}
	for _, f := range p.Files {
		if !all && !f.theirs {
			continue
		}
		for _, why := range WhatRuns(f.Path, f.Body) {
			found = append(found, Auto{f.Path, why})
		}
	}
	return found
}

// WhatRuns says what runs a file of that name and content without being called; it is
// empty for most. Of a template it knows what its source shows.
func WhatRuns(file string, body []byte) (why []string) {
	file = names.Folded(file) // some file systems know no case
	if by := runner(file); by != "" {
		why = append(why, by)
	}
	if path.Base(file) == "package.json" {
		if scripts := lifecycle(body); len(scripts) > 0 {
			why = append(why, "npm runs its scripts by itself: "+strings.Join(scripts, ", "))
		}
	}
	return why
}

// lifecycle names the scripts that npm and pnpm run around an install (docs.npmjs.com,
// "scripts", life cycle operation order).
func lifecycle(body []byte) (found []string) {
	have := scripts(body)
	for _, name := range []string{"preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare", "dependencies", "prepublish", "pnpm:devPreinstall"} {
		if have[name] {
			found = append(found, name)
		}
	}
	return found
}

// scripts gives the names of all scripts of a package.json. It is read token by token, as
// npm takes what a Go struct does not: a mark at its beginning, any depth, and "scripts"
// twice, or once in another type. What stands before a fault counts.
func scripts(body []byte) map[string]bool {
	const mark = "\ufeff"
	found := map[string]bool{}
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(body, []byte(mark))))
	var open []bool // which of the brackets around a token are those of objects
	key, section := false, ""
	for {
		token, err := dec.Token()
		if err != nil {
			return found
		}
		word, _ := token.(string)
		switch {
		case token == json.Delim('{') || token == json.Delim('['):
			open = append(open, token == json.Delim('{'))
			key = open[len(open)-1]
			continue
		case token == json.Delim('}') || token == json.Delim(']'):
			open, key = open[:len(open)-1], false
		case key && len(open) == 1:
			section = word
		case key && len(open) == 2 && section == "scripts":
			found[word] = true
		}
		key = !key && len(open) > 0 && open[len(open)-1] // after a value comes a key
	}
}
