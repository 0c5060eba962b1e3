package render

import (
	"context"
	"fmt"
	"sync/atomic"
)

// Budget is what all templates of one project may use together; its workers share
// one. Costs are counted, not timed, so the same pack passes or fails on every
// machine; the context is for a caller who no longer waits.
type Budget struct {
	ctx                  context.Context
	most                 int64 // steps
	steps, made, written atomic.Int64
}

// What a project may use. 10,000 files of twenty substitutions and a loop each, 21 MB
// of output, use less than half of each. A step takes up to some 200 ns.
const (
	maxSteps   = 5_000_000 // nodes run, 8 bytes parsed, 16 bytes handled by functions
	maxMade    = 32 << 20  // bytes that functions and includes made
	maxWritten = 64 << 20  // bytes of rendered files
)

// Caps on what one call may build.
const (
	maxText = 1 << 20 // bytes
	maxList = 10_000  // members
)

// NewBudget gives a whole budget. Rendering ends soon after ctx does.
func NewBudget(ctx context.Context) *Budget { return &Budget{ctx: ctx, most: maxSteps} }

func (b *Budget) step(n int) error {
	const look = 12 // at the context, every 4096 steps
	now := b.steps.Add(int64(n))
	if now > b.most {
		return fmt.Errorf("the project's templates take more than %d steps", b.most)
	}
	if now>>look != (now-int64(n))>>look {
		return context.Cause(b.ctx)
	}
	return nil
}

func (b *Budget) make(n int) error {
	if b.made.Add(int64(n)) > maxMade {
		return fmt.Errorf("the functions of the project's templates make more than %d MiB", maxMade>>20)
	}
	return nil
}

func (b *Budget) write(n int) error {
	if b.written.Add(int64(n)) > maxWritten {
		return fmt.Errorf("the project's rendered files have more than %d MiB", maxWritten>>20)
	}
	return nil
}

// weigh gives the bytes that a value holds without what its members hold: those
// were weighed when they were made.
func weigh(v any) int {
	switch v := v.(type) {
	case string:
		return len(v)
	case Text:
		return len(v)
	case Secret:
		return len(v)
	case []any:
		return 16 * len(v)
	case []string:
		return 16 * len(v)
	case []int:
		return 8 * len(v)
	case map[string]any:
		return 32 * len(v)
	}
	return 0
}

// metered makes what text/template calls of a function of the closed list: its
// arguments and its result count, and neither may be too large.
func (r *Renderer) metered(name string, fn function) func(args ...any) (any, error) {
	return func(args ...any) (any, error) {
		in := 0
		for _, a := range args {
			in += weigh(a)
			if !asks(name, args) {
				r.took(a)
			}
		}
		if err := r.budget.step(in / 16); err != nil {
			return nil, err
		}
		v, err := fn(args)
		if err != nil {
			return nil, err
		}
		if s, ok := v.(string); ok && len(s) > maxText {
			return nil, errTooLong
		}
		if l, ok := v.([]any); ok && len(l) > maxList {
			return nil, fmt.Errorf("a list of more than %d members", maxList)
		}
		return v, r.budget.make(weigh(v))
	}
}
