package gitrepo

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// BenchmarkFirst measures the first commit, its settings included, beside git
// init, add and commit of the same files in the same run. xgit is the ratio of
// the two times; less than 1 is faster than git.
func BenchmarkFirst(b *testing.B) {
	need(b, "git")
	env, _ := environment(b, ada+"[init]\n\tdefaultBranch = main\n")
	for _, n := range []int{40, 300} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var ours, theirs time.Duration
			for b.Loop() {
				b.StopTimer()
				root, err := os.MkdirTemp("", "bench")
				if err != nil {
					b.Fatal(err)
				}
				a, c := filepath.Join(root, "a"), filepath.Join(root, "b")
				files := put(b, a, many(n))
				put(b, c, many(n))
				b.StartTimer()

				start := time.Now()
				if _, err := First(b.Context(), a, files, resolved(b, root, "", env), first1); err != nil {
					b.Fatal(err)
				}
				ours += time.Since(start)

				b.StopTimer()
				start = time.Now()
				git(b, c, env, "init", "-q")
				git(b, c, env, "add", "-A")
				git(b, c, env, "commit", "-qm", "first")
				theirs += time.Since(start)
				if err := os.RemoveAll(root); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
			b.ReportMetric(ours.Seconds()/theirs.Seconds(), "xgit")
			b.ReportMetric(theirs.Seconds()*1e3/float64(b.N), "git-ms/op")
		})
	}
}
