package verify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// patience is how long a service may take to answer or to end; the steps before it
// may take longer, as they fetch and compile.
const patience = 3 * time.Minute

// freePorts gives ports that nobody listens on now, each another.
func freePorts(n int) (ports []string, err error) {
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer func() { _ = l.Close() }() // not before all are chosen
		ports = append(ports, strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
	}
	return ports, nil
}

// answers waits until a path of the service answers 200.
func (p *process) answers(ctx context.Context, port, path string) error {
	silent := errors.New("nothing listens on its port")
	last := silent
	for {
		err := ask(ctx, port, path)
		if err == nil {
			return nil
		}
		// The last request is mostly cut off by the deadline; what the one before said tells more.
		if !errors.Is(err, errSilent) && (errors.Is(last, silent) || !errors.Is(err, os.ErrDeadlineExceeded)) {
			last = err
		}
		select {
		case <-p.done:
			if err := p.problem(ctx); err != nil {
				return fmt.Errorf("it ended before it answered: %w", err)
			}
			return errors.New("it ended before it answered")
		case <-ctx.Done():
			if errors.Is(context.Cause(ctx), errLate) {
				return fmt.Errorf("%s does not answer 200 in time: %w", path, last)
			}
			return context.Cause(ctx)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// errSilent is a service that does not listen yet.
var errSilent = errors.New("no answer")

// ask sends one request. It is written out because a health check needs no more, and
// net/http would cost every start of stackinit a millisecond.
func ask(ctx context.Context, port, path string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		return errSilent
	}
	defer func() { _ = c.Close() }() // all that matters was read
	if deadline, ok := ctx.Deadline(); ok {
		_ = c.SetDeadline(deadline) // of a connection that is open, it cannot fail
	}
	if _, err := fmt.Fprintf(c, "GET %s HTTP/1.0\r\nHost: 127.0.0.1:%s\r\nAccept: */*\r\n\r\n", path, port); err != nil {
		return err
	}
	answer, err := io.ReadAll(io.LimitReader(c, 16<<10))
	if len(answer) == 0 && err != nil {
		return fmt.Errorf("a connection without an answer: %w", err)
	}
	head, body, _ := strings.Cut(string(answer), "\r\n\r\n")
	words := strings.Fields(head) // HTTP/1.1 200 OK …
	if len(words) < 2 || !strings.HasPrefix(words[0], "HTTP/1.") {
		return errors.New("the answer is not HTTP")
	}
	if words[1] != "200" {
		return fmt.Errorf("the answer is %s %.300s", words[1], strings.TrimSpace(body))
	}
	return nil
}

// stop ends the service as a supervisor does and wants it to end well.
func (p *process) stop(ctx context.Context) error {
	if err := stop(p.cmd.Process); err != nil {
		return fmt.Errorf("it had ended before it was stopped: %w", err)
	}
	select {
	case <-p.done:
	case <-ctx.Done():
		if errors.Is(context.Cause(ctx), errLate) {
			return errors.New("it does not end after SIGTERM")
		}
		return context.Cause(ctx)
	}
	if !stopsByItself {
		return nil
	}
	if err := p.problem(ctx); err != nil {
		return fmt.Errorf("after SIGTERM: %w", err)
	}
	return nil
}
