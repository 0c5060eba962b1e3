package main

import (
	"strings"
	"testing"
)

func TestGreet(t *testing.T) {
	var out strings.Builder
	greet(&out, "Ada")
	if want := "Say \"hi\"" + ", Ada!\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}
