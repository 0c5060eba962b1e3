package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// topics are help texts without a command: stackinit help exit-codes.
func topics() []*cobra.Command {
	return []*cobra.Command{
		{Use: "exit-codes", Short: "What the exit codes mean", Long: exitCodesText()},
		{Use: "answers", Short: "How to answer without a terminal", Long: answersText},
		{Use: "scripts", Short: "What scripts and agents can rely on", Long: scriptsText},
		{Use: "packs", Short: "Templates of your own: where they come from, what they may", Long: packsText},
		{Use: "criteria-files", Short: "What a team's criteria file says", Long: criteriaFilesText},
	}
}

func exitCodesText() string {
	var b strings.Builder
	b.WriteString("stackinit ends with one of these codes:\n\n    0  done\n")
	for _, e := range exitCodes {
		fmt.Fprintf(&b, "  %3d  %s\n", e.code, e.text)
	}
	return strings.TrimRight(b.String(), "\n")
}

const answersText = `Every question can be answered without a terminal:

  --answers FILE   a YAML or JSON file of keys and values; - reads standard input
  --set key=value  one answer; repeatable; several values by comma; wins over FILE
  --stack NAME     take this stack, whatever is recommended; --reason says why
  --defaults       take the default of everything that is missing

Without a terminal nothing ever waits: once any of these is given, what is
missing takes its default, "not sure" for the questions of the decision.
"stackinit recommend --schema" prints the JSON Schema of an answers file, with
the options of each stack: --stack node-express --set database=postgres

An example:

  project_kind: rest_api
  team_skills: javascript
  load_profile: many_connections
  title: Orders
  license: Apache-2.0`

const scriptsText = `Nothing ever waits: without a terminal, and with --json, nothing is asked. What is
not answered takes its default; see stackinit help answers. Nothing is ever
written over (exit code 3), and what fails or is stopped leaves nothing behind.

With --json, stdout is one JSON document: the result, or, where there is none,

  {"error": {"kind": "usage", "exit_code": 2, "findings": [
    {"file": null, "line": null, "column": null, "text": "...", "hint": "..."}]}}

with places that are not known as null. A report of faults (verify, adr lint,
criteria check, recommend with a conflict) is a result: the exit code tells.
Hints and progress go to stderr, where the same error stands for people. kind is
bug, usage, in_the_way, refused, environment, findings, interrupted or
terminated; stackinit help exit-codes has the numbers.

  stackinit version --json
  stackinit recommend --schema
  stackinit recommend --set project_kind=rest_api --json
  stackinit new orders --set project_kind=rest_api --dry-run --json

A plan is a project as a file. It can be looked at, compared, kept and sent, and
is made elsewhere exactly as it is, or not at all, without network or questions:

  stackinit plan orders --set project_kind=rest_api --out plan.json
  stackinit apply plan.json --json
  stackinit plan billing --defaults | stackinit apply - --no-git

plan takes the flags of new. Each file stands in the plan with path, mode, the
template it comes from, and its body as text, or as base64 if it is no UTF-8.
"packs" names the templates with their digests, and "commit" the first commit.

- A plan has one form and one digest. A file that differs by a bit, or would
  write outside of its project, is refused with exit code 4 and the place; one
  that is no plan at all is bad input, 2. The digest finds damage, and does not
  prove who made the plan: compare it with the one that plan --json printed.
- No secret stands in a plan, but a reference to it: {"secret": 1}, a piece of
  the file's body. Secrets are drawn when the plan is applied, and only .env,
  which is in no commit, may hold them. An answer to a secret question, and a
  template that makes something else of a secret, cannot be planned.
- Author, committer, branch and time are those of the plan: the commit has the
  same hash wherever it is applied, and the one that new makes with the same
  answers, author and SOURCE_DATE_EPOCH. A plan that knows no author takes the
  identity of who applies it. If their git settings ask for signatures, the
  commit is signed by them, or stays staged. Inside another repository, and with
  --no-git, there are files only.
- Commands that packs would run are listed in the plan, and run only with
  --trust and the digest of exactly this plan; see stackinit help packs.

The same answers, author and SOURCE_DATE_EPOCH give the same plan, byte for byte,
on every machine. stackinit help answers says how to answer.`

const packsText = `A template pack is a folder with a stackinit.yaml, by itself or on top of a stack.
--template takes it from

  ./acme-web                          a folder
  gh:acme/packs//web@v2               a folder of a GitHub repository at a tag; gl: is GitLab
  https://git.example.org/packs.git   a repository, and ssh://, git@host:path
  web                                 a name of templates: in your configuration file

What is fetched is pinned by commit and digest, kept, and taken from there when
there is no network; STACKINIT_OFFLINE=1 asks for that. Your own git login is used.

A pack is taken for hostile. Nothing of it runs while a project is made; files that
run by themselves later, as an editor's tasks do, are named first. Commands that a
pack would run need --trust sha256:..., the digest of exactly these bytes, or a
person who types "run" after seeing them.

  stackinit template list                           stacks, and packs of your list
  stackinit template show ./acme-web                questions, files, policy, digest
  stackinit template new acme-web --extends node-express
  stackinit template new acme-job --from ./nightly-report
  stackinit template lint ./acme-web                mistakes that plans do not show
  stackinit template test ./acme-web                its answer sets, and all pairs of options
  stackinit template schema > stackinit.schema.json    for editors`

const criteriaFilesText = `A team's criteria are a YAML file that is laid over the built-in ones, and says
only what is different. It has the form that "stackinit criteria show --json"
prints under "criteria".

  id, version      the team's own; records name them
  mappings         are merged by key; null takes a key away
  lists of entries with a key are merged by that key; remove: true takes one away,
                   before: KEY places a new one, nth: 2 names one of several
  all else         is replaced as a whole, conditions included
  source: "..."    what a rule of the team's own rests on, instead of cites

An example, which gives the goal of the project less weight:

  id: acme-platform
  version: 1
  questions:
    - {key: priority, weight: 2}

Then: stackinit criteria check team.yaml
      stackinit new myservice --criteria team.yaml`
