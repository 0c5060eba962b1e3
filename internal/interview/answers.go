package interview

import (
	"slices"

	"github.com/stackinit/stackinit/internal/recommend"
)

// Origin says where an answer came from.
type Origin string

// The origins.
const (
	FromFile    Origin = "file"
	FromFlag    Origin = "flag"
	FromPerson  Origin = "interview"
	FromDefault Origin = "default"
)

// Answer is a validated answer: option keys, or one text.
type Answer struct {
	Values []string
	From   Origin
}

// Answers maps question keys to answers.
type Answers map[string]Answer

// Text gives the single value of an answer, or nothing.
func (a Answers) Text(key string) string {
	if v := a[key].Values; len(v) > 0 {
		return v[0]
	}
	return ""
}

// Decision picks the answers to the questions of the criteria.
func (a Answers) Decision(c *recommend.Criteria) recommend.Answers {
	d := recommend.Answers{}
	for _, q := range c.Questions() {
		if v, ok := a[q.Key]; ok {
			d[q.Key] = slices.Clone(v.Values)
		}
	}
	return d
}

// WithDefaults adds the default of every question that has no answer and would
// have been asked.
func (a Answers) WithDefaults(questions []Question) Answers {
	all := Answers{}
	for _, q := range questions {
		if v, ok := a[q.Key]; ok {
			all[q.Key] = v
		} else if !q.Quiet {
			all[q.Key] = Answer{slices.Clone(q.Default), FromDefault}
		}
	}
	return all
}
