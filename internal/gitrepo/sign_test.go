package gitrepo

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

const sign = "[commit]\n\tgpgsign = true\n"

// signedBy makes a project with signing on and checks its commit with git.
func signedBy(t *testing.T, env []string) {
	t.Helper()
	dir, out := makeFirst(t, project(), env)
	if out.Hash == "" {
		t.Fatalf("%+v", out)
	}
	git(t, dir, env, "verify-commit", "HEAD")
	for _, args := range [][]string{{"fsck", "--strict", "--no-progress"}, {"status", "--porcelain"}, {"diff-files"}} {
		if got := git(t, dir, env, args...); got != "" {
			t.Errorf("git %s: %s", strings.Join(args, " "), got)
		}
	}
	got := git(t, dir, env, "log", "--all", "--format=%H|%D|%an <%ae>|%cn <%ce>|%ad|%cd|%B", "--date=raw")
	who := adaIdent.String()
	if want := out.Hash + "|HEAD -> main|" + who + "|" + who + "|1795449896 -0330|1795449896 -0330|Make the project\n\nWith a body."; got != want {
		t.Errorf("log says\n%s\nwant\n%s", got, want)
	}
}

func TestSignSSH(t *testing.T) {
	need(t, "git")
	need(t, "ssh-keygen")
	env, home := environment(t, ada+sign+"[gpg]\n\tformat = ssh\n[gpg \"ssh\"]\n\tallowedSignersFile = ~/signers\n[user]\n\tsigningkey = ~/key.pub\n[core]\n\thooksPath = hooks\n")
	key := filepath.Join(home, "key")
	if out, err := exec.CommandContext(t.Context(), "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	public, err := os.ReadFile(key + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "signers"), append([]byte("ada@example.com "), public...), 0o666); err != nil {
		t.Fatal(err)
	}
	signedBy(t, env)
}

func TestSignGPG(t *testing.T) {
	need(t, "git")
	need(t, "gpg")
	home, err := os.MkdirTemp("", "g") // gpg-agent's sockets allow short paths only
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(home) })
	env, _ := environment(t, ada+sign, "GNUPGHOME="+home)
	gnupg := func(ctx context.Context, name string, args ...string) {
		cmd := exec.CommandContext(ctx, name, args...)
		cmd.Env = env
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", name, err, out)
		}
	}
	gnupg(t.Context(), "gpg", "--batch", "--quiet", "--passphrase", "", "--quick-gen-key", adaIdent.String(), "ed25519", "sign")
	t.Cleanup(func() { gnupg(context.Background(), "gpgconf", "--kill", "gpg-agent") })
	signedBy(t, env)
}

// TestSignFails: never an unsigned commit in silence.
func TestSignFails(t *testing.T) {
	need(t, "git")
	env, _ := environment(t, ada+sign+"[gpg]\n\tprogram = /nowhere/gpg\n")
	check := func(t *testing.T, out Outcome, dir, reason string) {
		t.Helper()
		if out.Hash != "" || !strings.Contains(out.Note, "signing failed: ") || !strings.Contains(out.Note, reason) ||
			strings.Contains(out.Note, "\n") || out.Hint != "git commit -m 'Make the project'" {
			t.Errorf("%+v", out)
		}
		for _, line := range strings.Split(git(t, dir, env, "status", "--porcelain"), "\n") {
			if !strings.HasPrefix(line, "A  ") {
				t.Errorf("status says %q, want everything added", line)
			}
		}
		if got := git(t, dir, env, "for-each-ref"); got != "" {
			t.Errorf("there is a branch: %s", got)
		}
	}
	t.Run("no key", func(t *testing.T) {
		dir, out := makeFirst(t, project(), env)
		check(t, out, dir, "gpg failed to sign the data")
	})
	t.Run("no git", func(t *testing.T) {
		path := os.Getenv("PATH")
		withoutGit(t)
		dir, out := makeFirst(t, project(), env)
		t.Setenv("PATH", path)
		check(t, out, dir, "needs git")
	})
}

// TestSignInterrupted: a passphrase prompt that is left by Ctrl-C ends everything.
func TestSignInterrupted(t *testing.T) {
	need(t, "git")
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell script as gpg")
	}
	home := t.TempDir()
	gpg := filepath.Join(home, "gpg")
	env, _ := environment(t, ada+sign+"[gpg]\n\tprogram = "+gpg+"\n")
	if err := os.WriteFile(gpg, []byte("#!/bin/sh\ntouch "+home+"/asked\nexec sleep 20\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		for ctx.Err() == nil {
			if _, err := os.Stat(filepath.Join(home, "asked")); err == nil {
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	dir := t.TempDir()
	files := put(t, dir, project())
	start := time.Now()
	_, err := First(ctx, dir, files, resolved(t, filepath.Dir(dir), "", env), first1)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}

// TestHooksDoNotRun: neither for a signed nor for an unsigned commit.
func TestHooksDoNotRun(t *testing.T) {
	need(t, "git")
	if runtime.GOOS == "windows" {
		t.Skip("needs shell scripts as hooks")
	}
	hooks := t.TempDir()
	for _, name := range []string{"pre-commit", "commit-msg", "post-commit", "reference-transaction", "post-index-change"} {
		if err := os.WriteFile(filepath.Join(hooks, name), []byte("#!/bin/sh\ntouch "+hooks+"/ran\nexit 1\n"), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	gpg := filepath.Join(hooks, "gpg") // says what git expects of a gpg that has signed
	if err := os.WriteFile(gpg, []byte("#!/bin/sh\ncat >/dev/null\necho '[GNUPG:] SIG_CREATED ' >&2\necho signature\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, more := range []string{"", sign + "[gpg]\n\tprogram = " + gpg + "\n"} {
		env, _ := environment(t, ada+"[core]\n\thooksPath = "+hooks+"\n"+more)
		if _, out := makeFirst(t, project(), env); out.Hash == "" {
			t.Errorf("%+v", out)
		}
		if _, err := os.Stat(filepath.Join(hooks, "ran")); err == nil {
			t.Errorf("a hook ran (sign: %t)", more != "")
		}
	}
}
