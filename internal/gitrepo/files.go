package gitrepo

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	gitconfig "github.com/go-git/go-git/v5/plumbing/format/config"

	"github.com/stackinit/stackinit/internal/diag"
)

// readFiles reads git's configuration without git: the system's file and the
// user's. Files that they include are not read.
func readFiles(env map[string]string) (map[string]string, error) {
	config := map[string]string{}
	for _, name := range configFiles(env) {
		body, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = decodeInto(config, body)
		}
		if err != nil {
			return nil, diag.New(diag.Environment, "repair git's configuration, or do without a repository: --no-git",
				"cannot read git's configuration %s: %w", name, err)
		}
	}
	return config, nil
}

// configFiles lists git's configuration files, the one that counts most last
// (git-config(1), "Files").
func configFiles(env map[string]string) []string {
	var files []string
	noSystem, err := parseBool("GIT_CONFIG_NOSYSTEM", env["GIT_CONFIG_NOSYSTEM"])
	if err == nil && !noSystem {
		files = append(files, cmp.Or(env["GIT_CONFIG_SYSTEM"], "/etc/gitconfig"))
	}
	if global, ok := env["GIT_CONFIG_GLOBAL"]; ok {
		return append(files, global)
	}
	home := env["HOME"]
	if home == "" && runtime.GOOS == "windows" {
		home = env["USERPROFILE"]
	}
	xdg := env["XDG_CONFIG_HOME"]
	if home != "" {
		xdg = cmp.Or(xdg, filepath.Join(home, ".config"))
	}
	if xdg != "" {
		files = append(files, filepath.Join(xdg, "git", "config"))
	}
	if home != "" {
		files = append(files, filepath.Join(home, ".gitconfig"))
	}
	return files
}

// decodeInto adds the settings of one file that stand in plain sections.
func decodeInto(config map[string]string, body []byte) (err error) {
	defer func() { // the parser is somebody else's, its input a stranger's
		if r := recover(); r != nil {
			err = fmt.Errorf("it makes no sense: %v", r)
		}
	}()
	parsed := gitconfig.New()
	if err := gitconfig.NewDecoder(bytes.NewReader(body)).Decode(parsed); err != nil {
		return err
	}
	for _, section := range parsed.Sections {
		for _, o := range section.Options {
			key := strings.ToLower(section.Name + "." + o.Key)
			// The parser cannot tell a bare key (true) from an empty value
			// (false): never an unsigned commit in silence.
			config[key] = o.Value
			if key == "commit.gpgsign" && o.Value == "" {
				config[key] = "true"
			}
		}
	}
	return nil
}

// enclosing finds the work tree that folder lies in, going up as git does, or
// gives "". A .git counts if it looks like a repository or points to one.
func enclosing(folder string, env map[string]string) string {
	start, err := filepath.Abs(folder)
	if err != nil {
		return ""
	}
	if real, err := filepath.EvalSymlinks(start); err == nil {
		start = real
	}
	var ceilings []string
	for _, c := range filepath.SplitList(env["GIT_CEILING_DIRECTORIES"]) {
		if real, err := filepath.EvalSymlinks(c); err == nil {
			c = real
		}
		ceilings = append(ceilings, filepath.Clean(c))
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if dir != start && slices.Contains(ceilings, dir) {
			return ""
		}
		if isRepository(filepath.Join(dir, ".git")) {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

func isRepository(git string) bool {
	info, err := os.Stat(git)
	if err != nil {
		return false
	}
	if !info.IsDir() {
		body, err := os.ReadFile(git)
		return err == nil && bytes.HasPrefix(body, []byte("gitdir: "))
	}
	for _, part := range []string{"HEAD", "objects", "refs"} {
		if _, err := os.Lstat(filepath.Join(git, part)); err != nil {
			return false
		}
	}
	return true
}
