package plan

import (
	"bytes"
	"maps"
	"path"

	"github.com/stackinit/stackinit/internal/diag"
)

// secretFile is the only name of files that may hold secrets: every starter's
// .gitignore has it, and the program leaves it out of the first commit.
const secretFile = ".env"

// MayHoldSecrets tells whether the file of that path may hold secrets, and so belongs
// in no commit.
func MayHoldSecrets(p string) bool { return path.Base(p) == secretFile }

// secrets makes the values of the names: templates write {{ .secrets.NAME }}.
func (in Input) secrets(names []string) map[string]any {
	all := map[string]any{}
	for _, name := range names {
		all[name] = in.Secret()
	}
	return all
}

// secretAnswers are what people gave as secrets. They are long enough to be known
// again (see the check of secret questions in internal/pack).
func (in Input) secretAnswers() map[string]any {
	all := map[string]any{}
	for _, q := range in.Questions {
		if text := in.Answers.Text(q.Key); q.Secret && text != "" {
			all[q.Key] = text
		}
	}
	return all
}

// tells is the error for a template that would give a secret away; what says which it is
// where the place does not.
func tells(at diag.Pos, what string) error {
	return refusedAt(at, "only "+secretFile+" may hold it, or what is made of it", "%sa secret goes into it", what)
}

// checkSecrets marks the files that may hold secrets, and refuses a layer that
// writes one anywhere else.
func checkSecrets(t tree, values map[string]any, answers map[string]any) error {
	secrets := maps.Clone(answers)
	drawn, _ := values["secrets"].(map[string]any)
	maps.Copy(secrets, drawn)
	for p, f := range t {
		if MayHoldSecrets(p) {
			f.Secret, f.Mode = true, 0o600
			t[p] = f
			continue
		}
		for name, s := range secrets {
			if bytes.Contains(f.Body, []byte(s.(string))) {
				return diag.New(diag.Refused, "only "+secretFile+" may hold it", "%s: the secret %s is written into %s", f.Source, name, p)
			}
		}
	}
	return nil
}
