package recommend

import "testing"

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load("criteria.yaml", embeddedFile); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRecommend takes the row with the most scored answers.
func BenchmarkRecommend(b *testing.B) {
	a := Answers{
		"project_kind": {"rest_api"}, "data_work": {"core"}, "team_skills": {"javascript"}, "load_profile": {"many_connections"},
	}
	c := Embedded()
	for b.Loop() {
		c.Recommend(a)
	}
}

// BenchmarkSettled takes the answers that leave most completions to try.
func BenchmarkSettled(b *testing.B) {
	c := Embedded()
	keys := remaining(c, 2)
	for b.Loop() {
		if !c.Settled(bothLibraries, keys) {
			b.Fatal("not settled")
		}
	}
}
