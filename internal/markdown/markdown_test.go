package markdown

import "testing"

func FuzzEscape(f *testing.F) {
	f.Add("# a *b* [c](d) `e` <f> | 1. g")
	f.Fuzz(func(t *testing.T, s string) {
		got := Escape(s)
		for _, bad := range []string{"[", "]", "<", "`", "|", "*"} {
			for i := range len(got) {
				if got[i:i+1] == bad && (i == 0 || got[i-1] != '\\') {
					t.Fatalf("%q in %q is not escaped", bad, got)
				}
			}
		}
	})
}
