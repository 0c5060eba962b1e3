package cli

import (
	"context"
	"time"

	"github.com/stackinit/stackinit/internal/plan"
	"github.com/stackinit/stackinit/internal/verify"
)

// toolTime is how long new looks for tools at most. Nearly all of it is spent while
// the project is written.
const toolTime = 300 * time.Millisecond

// lookForTools looks for the tools that a project needs while it is being written.
// A tool that does not tell its version in time is passed over in silence.
func lookForTools(ctx context.Context, made *plan.Plan, place string) <-chan []verify.Tool {
	found := make(chan []verify.Tool, 1)
	go func() {
		ctx, cancel := context.WithTimeout(ctx, toolTime)
		defer cancel()
		found <- verify.Look(ctx, made.Needs, verify.Place{Dir: place, Name: place, Next: made.Next})
	}()
	return found
}
