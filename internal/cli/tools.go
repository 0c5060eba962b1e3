package cli

import (
	"context"
	"time"

	"github.com/stackinit/stackinit/internal/plan"
	"github.com/stackinit/stackinit/internal/verify"
)

// toolTime is how long new waits for tools once the project is written.
const toolTime = 20 * time.Millisecond

// lookForTools looks for the tools that a project needs while it is being written.
// The result gives them; a tool that has not told its version by then, such as a
// version manager's script in Python's place, is passed over in silence.
func lookForTools(ctx context.Context, made *plan.Plan, place string) func() []verify.Tool {
	ctx, cancel := context.WithCancel(ctx)
	found := make(chan []verify.Tool, 1)
	go func() { found <- verify.Look(ctx, made.Needs, verify.Place{Dir: place, Name: place, Next: made.Next}) }()
	return func() []verify.Tool {
		defer cancel()
		time.AfterFunc(toolTime, cancel)
		return <-found
	}
}
