package prompt

import (
	"context"
	"io"
	"time"
)

// input reads on behalf of a question without ever holding up the program: the
// wait ends with its context, even though a read from a terminal or a pipe
// cannot be called back. It reads only while someone waits, so that between two
// questions the keys belong to whatever else may ask for them.
type input struct {
	ctx     context.Context
	from    io.Reader
	reading chan chunk // of the read under way; nil when there is none
	err     error      // what ended the input, once everything before it was given
}

// chunk is what one read gave.
type chunk struct {
	data []byte
	err  error
}

// next gives what comes in next; nothing at all if timeout comes first. A nil
// timeout waits for ever. The error is io.EOF at the end, that of stopped when
// the context has ended, or the reader's own.
func (in *input) next(timeout <-chan time.Time) ([]byte, error) {
	if in.ctx.Err() != nil {
		return nil, stopped(in.ctx)
	}
	if in.err != nil {
		return nil, in.err
	}
	if in.reading == nil {
		in.reading = make(chan chunk, 1) // so that a read nobody waits for ends all the same
		go read(in.from, in.reading)
	}
	select {
	case <-in.ctx.Done():
		return nil, stopped(in.ctx)
	case <-timeout:
		return nil, nil
	case got := <-in.reading:
		in.reading, in.err = nil, got.err
		if len(got.data) > 0 {
			return got.data, nil
		}
		return nil, got.err
	}
}

func read(from io.Reader, to chan<- chunk) {
	buf := make([]byte, 4096)
	n, err := from.Read(buf)
	to <- chunk{buf[:n], err}
}
