package plan

import (
	"strings"
	"testing"
)

func TestRunsByItself(t *testing.T) {
	for path, want := range map[string]bool{
		".vscode/tasks.json": true, "web/.VSCode/Settings.json": true, ".vscode/extensions.json": false, "a.code-workspace": true,
		".envrc": true, ".env": false, ".npmrc": true, "api/.pnpmfile.cjs": true, "setup.py": true, "tests/conftest.py": true, "x.pth": true,
		".husky/pre-commit": true, ".pre-commit-config.yaml": true, ".github/workflows/ci.yml": true, ".github/CODEOWNERS": false,
		"Jenkinsfile": true, ".gitattributes": true, ".gitignore": false, "CLAUDE.md": true, ".cursor/rules/x.mdc": true, "README.md": false,
		".cargo/config": true, "build.rs": true, ".devcontainer/devcontainer.json": true, "Makefile": false, "a/b/.github/workflows/x/y.yml": true,
		"gradle/wrapper/x.jar": true, "a/gradle": false, "workflows/ci.yml": false, "x/.github/copilot-instructions.md": true, ".pth": true, "pth": false, ".github/dependabot.yml": true,
		".v\u017fcode/ta\u017fks.json": true, ".gdbinit": true, "sub/HEAD": true, ".hg/hgrc": true, ".zed/tasks.json": true, "HEADER": false,
	} {
		p := &Plan{Files: []File{{Path: path, theirs: true}}}
		if got := p.RunsByItself(false); (len(got) == 1) != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
		p.Files[0].theirs = false
		if got := p.RunsByItself(false); len(got) != 0 {
			t.Errorf("%s of our own is listed: %v", path, got)
		}
		if got := p.RunsByItself(true); (len(got) == 1) != want {
			t.Errorf("%s of all: %v, want %v", path, got, want)
		}
	}
}

func TestLifecycleScripts(t *testing.T) {
	for body, want := range map[string]string{
		`{"scripts": {"test": "x", "postinstall": "y", "prepare": "z"}}`: "npm runs its scripts by itself: postinstall, prepare",
		`{"scripts": {"test": "x"}}`:                                     "",
		`{"scripts": `:                                                   "",
		`{"a": {"scripts": {"postinstall": "x"}}, "b": ["scripts", {"postinstall": "x"}], "postinstall": "x"}`:                          "",
		"\ufeff" + `{"scripts": {"postinstall": "x"}}`:                                                                                  "npm runs its scripts by itself: postinstall",
		`{"scripts": 5, "Scripts": 5, "scripts": {"post\u0069nstall": "x"}}`:                                                            "npm runs its scripts by itself: postinstall",
		`{"a": ` + strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001) + `, "scripts": {"x": {"y": 1}, "pnpm:devPreinstall": 1}}`: "npm runs its scripts by itself: pnpm:devPreinstall",
	} {
		got := (&Plan{Files: []File{{Path: "api/package.json", Body: []byte(body), theirs: true}}}).RunsByItself(false)
		if want == "" && len(got) != 0 || want != "" && (len(got) != 1 || got[0].Why != want) {
			t.Errorf("%.100s: %v, want %q", body, got, want)
		}
	}
}
