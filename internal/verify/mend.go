package verify

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
)

// managers are package managers, with what they call the tools.
var managers = []struct {
	command, install                  string
	admin                             bool // sudo is needed
	node, npm, python, ensurepip, git string
}{
	{"brew", "brew install", false, "node", "node", "python", "python", "git"},
	{"winget", "winget install", false, "OpenJS.NodeJS.LTS", "OpenJS.NodeJS.LTS", "Python.Python.3.13", "Python.Python.3.13", "Git.Git"},
	{"apt-get", "apt-get install", true, "nodejs npm", "npm", "python3 python3-venv", "python3-venv", "git"},
	{"dnf", "dnf install", true, "nodejs npm", "npm", "python3", "python3", "git"},
	{"pacman", "pacman -S", true, "nodejs npm", "npm", "python", "python", "git"},
	{"apk", "apk add", true, "nodejs npm", "npm", "python3", "python3", "git"},
}

// mend is the command that mends a tool, or where to get it.
func mend(t Tool, place Place, hasNpm bool) string {
	switch {
	case t.Name == "node" && hasNpm && len(place.Next) > 0:
		// The project refuses an old Node; the folder above does not.
		major, _, _ := strings.Cut(t.Oldest, ".")
		return fmt.Sprintf("npx -y -p node@%s -c 'cd %s && %s'", major, place.Name, strings.Join(place.Next, " && "))
	case t.own:
		return fmt.Sprintf("rm -r %s/.venv", place.Name)
	case t.Name == "python" && strings.HasPrefix(base(t.instead), "uv"):
		return fmt.Sprintf("cd %s && uv venv --seed --python '>=%s' .venv", place.Name, t.Oldest)
	case t.Name == "python" && t.instead != "":
		return fmt.Sprintf("cd %s && %s -m venv .venv", place.Name, base(t.instead))
	}
	return install(t)
}

func base(path string) string {
	return strings.TrimSuffix(path[strings.LastIndexAny(path, `/\`)+1:], ".exe")
}

// install is the command that installs a tool by the machine's package manager.
func install(t Tool) string {
	for _, m := range managers {
		if _, err := exec.LookPath(m.command); err != nil {
			continue
		}
		name := map[string]string{"node": m.node, "npm": m.npm, "python": m.python, "git": m.git}[t.Name]
		if t.Status == Incomplete {
			name = m.ensurepip
		}
		command := m.install + " " + name
		if m.admin && runtime.GOOS != "windows" && os.Geteuid() != 0 {
			command = "sudo " + command
		}
		return command
	}
	page := map[string]string{
		"node": "https://nodejs.org/en/download", "npm": "https://nodejs.org/en/download",
		"python": "https://www.python.org/downloads/", "git": "https://git-scm.com/downloads",
	}[t.Name]
	return "install it from " + page
}
