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
