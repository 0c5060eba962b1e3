package plan

import (
	"bytes"
	"slices"
)

// Variant is the same project with one thing different that it was made from.
type Variant struct {
	Key, Value, Other string // what is different, how it is and what is tried instead
	Input             Input
}

// Cause is something that a file depends on: with the variant's value in the place
// of its own, the file changes, appears or vanishes.
type Cause struct {
	Key    string `json:"key"`
	Value  string `json:"value"`
	Other  string `json:"other"`
	Effect string `json:"effect"`
}

// The effects of another value.
const (
	Changes  = "changes"
	Appears  = "appears"
	Vanishes = "vanishes"
)

// Trace finds what the file of that path depends on. It guesses nothing: every
// variant is planned, and the file is compared with that of before. Each variant
// takes as long as Build does, which is some ten milliseconds.
func Trace(path string, before *Plan, variants []Variant) ([]Cause, error) {
	causes := []Cause{}
	for _, v := range variants {
		after, err := Build(v.Input)
		if err != nil {
			return nil, err
		}
		if effect := effectOn(path, before, after); effect != "" {
			causes = append(causes, Cause{v.Key, v.Value, v.Other, effect})
		}
	}
	return causes, nil
}

func effectOn(path string, before, after *Plan) string {
	was, there := before.File(path)
	is, stays := after.File(path)
	switch {
	case there && !stays:
		return Vanishes
	case !there && stays:
		return Appears
	case there && (was.Mode != is.Mode || !bytes.Equal(was.Body, is.Body)):
		return Changes
	}
	return ""
}

// File gives the file of that path.
func (p *Plan) File(path string) (File, bool) {
	i := slices.IndexFunc(p.Files, func(f File) bool { return f.Path == path })
	if i < 0 {
		return File{}, false
	}
	return p.Files[i], true
}
