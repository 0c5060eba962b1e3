package names

import (
	"strings"
	"testing"
)

func TestCheckProject(t *testing.T) {
	good := []string{"ab", "myservice", "my-service", "a1-b2-c3", strings.Repeat("a", 64), "com10", "lpt"}
	for _, name := range good {
		if err := CheckProject(name); err != nil {
			t.Errorf("CheckProject(%q) = %v", name, err)
		}
	}
	bad := []string{
		"", "a", strings.Repeat("a", 65), "My", "1st", "-a", "a-", "a--b", "a_b", "a.b", "a b", "a/b", "..", "ab\n", "é1", "ab\x00", "~ab",
		"con", "nul", "com1", "lpt9", "aux", "prn", // Windows
		"http", "fs", "sqlite", "node", // Node
		"json", "asyncio", "compression", "class", "match", "python", // Python
		"test", "node-modules",
	}
	for _, name := range bad {
		err := CheckProject(name)
		if err == nil {
			t.Errorf("CheckProject(%q) accepts it", name)
			continue
		}
		if lines := strings.Count(err.Error(), "\n") + 1; lines > 5 || strings.ContainsAny(err.Error(), "\x00") {
			t.Errorf("CheckProject(%q): %d lines: %q", name, lines, err)
		}
	}
	if err := CheckProject(strings.Repeat("x", 1<<20)); len(err.Error()) > 300 {
		t.Errorf("a huge name makes an error of %d bytes", len(err.Error()))
	}
}

func TestCheckPath(t *testing.T) {
	for _, p := range []string{"a", "a/b.txt", ".gitignore", ".github/workflows/ci.yml", "ü/é", "a b/c", ".env.example", "com10", "gitx~1", "1"} {
		if err := CheckPath(p); err != nil {
			t.Errorf("CheckPath(%q) = %v", p, err)
		}
	}
	bad := []string{
		"", "/a", "a//b", "a/", "../a", "a/../b", "./a", "a\\b", "c:a", "a*", "a?", `a"`, "a<b", "a|b", "a.", "a ", " a", "a/b. ",
		"con", "CON.txt", "a/nul", "com1.js", "LPT\u00b9", "aux.js", ".git", ".GIT/config", "git~1", "a/.Git", ".git ", ".git::$INDEX_ALLOCATION",
		"a\x00", "a\nb", "a\u200db", "a\u202eb", "e\u0301", "\xff", "a\u00a0b", "a\u3164b", "a\u034fb", "a\ufe0fb", "a\U000e0101b", strings.Repeat("a/", 121) + "a",
	}
	for _, p := range bad {
		if CheckPath(p) == nil {
			t.Errorf("CheckPath(%q) accepts it", p)
		}
	}
}

// What is wrong is said by its own rule, also where another would refuse it too.
func TestChecksSayWhy(t *testing.T) {
	for path, why := range map[string]string{
		"": "has 0 bytes", "\xff": "not UTF-8", "a/../b": "holds . or ..", "./a": "holds . or ..", "a./b": "ends in a dot",
		"com²": "a device", "LPT³.txt": "a device", ".git::$DATA": "holds one of",
	} {
		if err := CheckPath(path); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v", path, err)
		}
	}
	for text, why := range map[string]string{"a\xff": "UTF-8", "a\nb": "one line", "a\rb": "one line"} {
		if err := CheckText(text); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestCheckTree(t *testing.T) {
	for _, tree := range [][]string{{"a", "b/c", "b/d"}, {"a/b", "a/b2", "c"}} {
		if err := CheckTree(tree); err != nil {
			t.Errorf("CheckTree(%q) = %v", tree, err)
		}
	}
	for _, tree := range [][]string{{"a", "a"}, {"a", "A"}, {"a/b", "A/c"}, {"a", "a/b"}, {"a/b", "a"}, {"x/README", "x/readme"}} {
		if CheckTree(tree) == nil {
			t.Errorf("CheckTree(%q) accepts it", tree)
		}
	}
}

func TestCheckText(t *testing.T) {
	for _, s := range []string{"", "Plain", `"quoted" 'text'`, "ünï ☃ 👩‍💻 ❤️", "می\u200cخواهم", strings.Repeat("é", 200)} {
		if err := CheckText(s); err != nil {
			t.Errorf("CheckText(%q) = %v", s, err)
		}
	}
	for _, s := range []string{"a\nb", "a\rb", "a\tb", "a\x1b[31m", "a\u202eb", "\xff", strings.Repeat("a", 201), "a\u2028b", "\ufeffa", "a\u3164b", "a\u115fb"} {
		if CheckText(s) == nil {
			t.Errorf("CheckText(%q) accepts it", s)
		}
	}
}

func TestHidden(t *testing.T) {
	for text, want := range map[string]bool{"a b": false, "é\u00a0\u3000☃": false, "\u200c\u200d": false, "\n": true, "\t": true, "\x1b": true, "\u202e": true, "\u2028": true, "\ufeff": true} {
		for _, r := range text {
			if Hidden(r) != want {
				t.Errorf("Hidden(%U) = %t", r, !want)
			}
		}
	}
}

func FuzzCheckPath(f *testing.F) {
	for _, s := range []string{"a/b", ".git", "con.txt", "a\u200d", "..", "e\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, p string) {
		if CheckPath(p) != nil {
			return
		}
		for seg := range strings.SplitSeq(p, "/") {
			if seg == "" || seg == "." || seg == ".." || strings.EqualFold(seg, ".git") || strings.ContainsAny(seg, "\\:\x00\n") {
				t.Errorf("%q is accepted", p)
			}
		}
	})
}
