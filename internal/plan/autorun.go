package plan

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/pack"
)

// Auto is a file that runs without anybody calling for it, and what runs it.
type Auto struct {
	Path string `json:"path"`
	Why  string `json:"why"`
}

// autorun names files that other programs run by themselves, in lower case: when a
// folder is opened or entered, dependencies are installed, a commit is made or pushed.
var autorun = []struct{ glob, why string }{
	{"**/.vscode/{tasks,settings,launch}.json", "VS Code runs what it says when the folder is opened"},
	{"**/*.code-workspace", "VS Code runs what it says when it is opened"},
	{"**/.idea/**", "JetBrains' editors read it when the folder is opened"},
	{"**/.devcontainer/**", "editors build and start it when the folder is opened"},
	{"**/.devcontainer.json", "editors build and start it when the folder is opened"},
	{"**/{.exrc,.vimrc,.nvimrc,.nvim.lua,.dir-locals.el}", "the editor runs it when a file is opened"},
	{"**/{.envrc,.autoenv,.autoenv.zsh,.mise.toml,mise.toml,.tool-versions}", "the shell's helpers read it when the folder is entered"},
	{"**/{.npmrc,.yarnrc,.yarnrc.yml,.pnpmfile.cjs,pnpm-workspace.yaml,bunfig.toml}", "the package manager obeys it at every call"},
	{"**/.yarn/**", "Yarn runs what lies there"},
	{"**/binding.gyp", "npm install builds with it"},
	{"**/{setup.py,pip.conf,uv.toml,hatch_build.py}", "installing with pip or uv runs or obeys it"},
	{"**/{sitecustomize,usercustomize,conftest}.py", "Python or pytest runs it at every start"},
	{"**/*.pth", "Python runs it at every start"},
	{"**/build.rs", "cargo build runs it"},
	{"**/.cargo/config{,.toml}", "cargo obeys it at every call"},
	{"**/{.mvn,gradle}/**", "Maven or Gradle runs it at every call"},
	{"**/{.pre-commit-config.yaml,lefthook.yml,.lefthook.yml,.overcommit.yml}", "runs at commits once its hooks are installed"},
	{"**/{.husky,.githooks}/**", "runs at commits once its hooks are installed"},
	{"**/{.gitmodules,.gitattributes,.lfsconfig,.gitconfig}", "git obeys it"},
	{"**/.github/{workflows,actions}/**", "GitHub runs it once it is pushed"},
	{"**/{.gitlab-ci.yml,jenkinsfile,azure-pipelines.yml,.travis.yml,.drone.yml,appveyor.yml,bitbucket-pipelines.yml}", "the server runs it once it is pushed"},
	{"**/{.circleci,.gitlab,.buildkite,.woodpecker,.forgejo,.gitea,.ci}/**", "the server runs it once it is pushed"},
	{"**/{renovate.json,.renovaterc,.renovaterc.json}", "a bot on the server obeys it"},
	{"**/.github/dependabot.y{,a}ml", "a bot on the server obeys it"},
	{"**/{agents,claude,gemini}.md", "coding assistants obey it"},
	{"**/{.cursorrules,.windsurfrules,.mcp.json,.aider.conf.yml}", "coding assistants obey it"},
	{"**/{.cursor,.claude,.gemini,.windsurf,.codex}/**", "coding assistants obey or run it"},
	{"**/.github/copilot-instructions.md", "coding assistants obey it"},
}

// RunsByItself lists the files that run without being called, sorted by path: those
// that packs from elsewhere bring or change, or all of them.
func (p *Plan) RunsByItself(all bool) []Auto {
	found := []Auto{}
	for _, f := range p.Files {
		if !all && !f.theirs {
			continue
		}
		path := strings.ToLower(f.Path) // some file systems know no case
		for _, rule := range autorun {
			if pack.Match(rule.glob, path) {
				found = append(found, Auto{f.Path, rule.why})
				break
			}
		}
		if path == "package.json" || strings.HasSuffix(path, "/package.json") {
			if names := lifecycle(f.Body); len(names) > 0 {
				found = append(found, Auto{f.Path, "npm runs its scripts by itself: " + strings.Join(names, ", ")})
			}
		}
	}
	return found
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
