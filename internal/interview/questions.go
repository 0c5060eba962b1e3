package interview

import (
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"unicode"

	"github.com/stackinit/stackinit/internal/names"
	"github.com/stackinit/stackinit/internal/recommend"
)

// notSure is the key of the option that every single-choice question of the
// criteria has; it is the default, so that Enter never invents evidence.
const notSure = "not_sure"

// DecisionQuestions are the questions of the criteria, in their order.
func DecisionQuestions(c *recommend.Criteria) []Question {
	var qs []Question
	for _, cq := range c.Questions() {
		q := Question{Key: cq.Key, Prompt: cq.Prompt, Help: cq.Help}
		for _, o := range cq.Options {
			q.Options = append(q.Options, Option{o.Key, o.Label})
		}
		if cq.Multi {
			q.Kind = Multi
		} else {
			q.Default = []string{notSure}
		}
		qs = append(qs, q)
	}
	return qs
}

// Facts are what is known about a project before anything is asked; they give
// the defaults of the project's questions.
type Facts struct {
	Name   string // of the project
	Author string // "Name <mail>" as git knows it; may be empty
}

// ProjectQuestions are the few things a project needs besides the decision.
func ProjectQuestions(f Facts) []Question {
	return []Question{
		{Key: "title", Kind: Text, Prompt: "What is its title?", Help: "Stands in the README and in the decision record.",
			Default: []string{titleOf(f.Name)}, Check: checkTitle},
		{Key: "description", Kind: Text, Prompt: "What does it do, in a sentence?", Help: "May stay empty.",
			Default: []string{""}, Check: names.CheckText},
		{Key: "author", Kind: Text, Prompt: "Who decides and commits?", Help: "Name <mail>, for the licence, the record and the first commit.",
			Default: []string{f.Author}, Check: checkAuthor},
		{Key: "deciders", Kind: Text, Prompt: "Decision-makers, by comma?", Help: "For the decision records; the author alone if it is empty.",
			Default: []string{""}, Check: checkDeciders, Quiet: true},
		{Key: "license", Prompt: "Which licence?", Default: []string{"MIT"}, Options: []Option{
			{"MIT", "MIT: do what you like, keep the notice"},
			{"Apache-2.0", "Apache 2.0: the same, with a patent grant"},
			{"none", "None: all rights reserved"},
		}},
		{Key: "ci", Prompt: "Where do its checks run?", Default: []string{"github"}, Options: []Option{
			{"github", "GitHub Actions"},
			{"none", "Nowhere yet"},
		}},
		{Key: "example", Prompt: "Start with an example resource?", Help: "One folder that shows the way; easy to delete.",
			Default: []string{"items"}, Options: []Option{
				{"items", "Yes: a small one, with its tests"},
				{"none", "No: health checks only"},
			}},
	}
}

// titleOf makes "My service" of my-service.
func titleOf(name string) string {
	r := []rune(strings.ReplaceAll(name, "-", " "))
	if len(r) == 0 {
		return ""
	}
	r[0] = unicode.ToUpper(r[0])
	return string(r)
}

func checkTitle(s string) error {
	if strings.TrimSpace(s) == "" {
		return errors.New("is empty")
	}
	return names.CheckText(s)
}

func checkAuthor(s string) error {
	if s == "" {
		return nil
	}
	_, _, err := SplitAuthor(s)
	return err
}

// SplitDeciders takes a list of names apart.
func SplitDeciders(s string) []string {
	if strings.TrimSpace(s) == "" {
		return nil
	}
	names := strings.Split(s, ",")
	for i, n := range names {
		names[i] = strings.TrimSpace(n)
	}
	return names
}

func checkDeciders(s string) error {
	for _, n := range SplitDeciders(s) {
		if n == "" {
			return errors.New("has a comma without a name beside it")
		}
	}
	return names.CheckText(s)
}

// SplitAuthor takes "Name <mail>" apart. The name may be any free text that git
// can store; the address must look like one.
func SplitAuthor(s string) (name, email string, err error) {
	if err := names.CheckText(s); err != nil {
		return "", "", err
	}
	open := strings.LastIndex(s, "<")
	if open < 0 || !strings.HasSuffix(s, ">") {
		return "", "", fmt.Errorf("must look like %q", "Name <mail@example.org>")
	}
	name, email = strings.TrimSpace(s[:open]), s[open+1:len(s)-1]
	if name == "" || strings.ContainsAny(name, "<>") {
		return "", "", errors.New("has no name before the <mail>")
	}
	if a, err := mail.ParseAddress(email); err != nil || a.Address != email {
		return "", "", fmt.Errorf("%q is not a mail address", email)
	}
	return name, email, nil
}
