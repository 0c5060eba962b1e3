package plan

import (
	"cmp"
	"encoding/json"
	"path"
	"slices"
	"strings"
	"sync"
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
	{".vscode/tasks.json .vscode/settings.json .vscode/launch.json", "VS Code runs what it says when the folder is opened"},
	{"*.code-workspace", "VS Code runs what it says when it is opened"},
	{".idea/", "JetBrains' editors read it when the folder is opened"},
	{".devcontainer/ .devcontainer.json", "editors build and start it when the folder is opened"},
	{".exrc .vimrc .nvimrc .nvim.lua .dir-locals.el", "the editor runs it when a file is opened"},
	{".envrc .autoenv .autoenv.zsh .mise.toml mise.toml .tool-versions", "the shell's helpers read it when the folder is entered"},
	{".npmrc .yarnrc .yarnrc.yml .pnpmfile.cjs pnpm-workspace.yaml bunfig.toml", "the package manager obeys it at every call"},
	{".yarn/", "Yarn runs what lies there"},
	{"binding.gyp", "npm install builds with it"},
	{"setup.py pip.conf uv.toml hatch_build.py", "installing with pip or uv runs or obeys it"},
	{"sitecustomize.py usercustomize.py conftest.py", "Python or pytest runs it at every start"},
	{"*.pth", "Python runs it at every start"},
	{"build.rs", "cargo build runs it"},
	{".cargo/config .cargo/config.toml", "cargo obeys it at every call"},
	{".mvn/ gradle/", "Maven or Gradle runs it at every call"},
	{".pre-commit-config.yaml lefthook.yml .lefthook.yml .overcommit.yml .husky/ .githooks/", "runs at commits once its hooks are installed"},
	{".gitmodules .gitattributes .lfsconfig .gitconfig", "git obeys it"},
	{".github/workflows/ .github/actions/", "GitHub runs it once it is pushed"},
	{".gitlab-ci.yml jenkinsfile azure-pipelines.yml .travis.yml .drone.yml appveyor.yml bitbucket-pipelines.yml", "the server runs it once it is pushed"},
	{".circleci/ .gitlab/ .buildkite/ .woodpecker/ .forgejo/ .gitea/ .ci/", "the server runs it once it is pushed"},
	{"renovate.json .renovaterc .renovaterc.json .github/dependabot.yml .github/dependabot.yaml", "a bot on the server obeys it"},
	{"agents.md claude.md gemini.md .cursorrules .windsurfrules .mcp.json .aider.conf.yml .github/copilot-instructions.md", "coding assistants obey it"},
	{".cursor/ .claude/ .gemini/ .windsurf/ .codex/", "coding assistants obey or run it"},
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
	file = strings.ToLower(file) // some file systems know no case
	if by := runner(file); by != "" {
		why = append(why, by)
	}
	if path.Base(file) == "package.json" {
		if names := lifecycle(body); len(names) > 0 {
			why = append(why, "npm runs its scripts by itself: "+strings.Join(names, ", "))
		}
	}
	return why
}

// lifecycle names the scripts that npm runs around an install (docs.npmjs.com, "scripts",
// life cycle operation order). What cannot be read, npm cannot run either.
func lifecycle(body []byte) (names []string) {
	var manifest struct {
		Scripts map[string]any `json:"scripts"`
	}
	if json.Unmarshal(body, &manifest) != nil {
		return nil
	}
	for _, name := range []string{"preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare", "dependencies", "prepublish"} {
		if _, ok := manifest.Scripts[name]; ok {
			names = append(names, name)
		}
	}
	return slices.Clip(names)
}
