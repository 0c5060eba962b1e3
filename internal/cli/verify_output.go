package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/stackinit/stackinit/internal/prompt"
	"github.com/stackinit/stackinit/internal/record"
	"github.com/stackinit/stackinit/internal/verify"
)

// reportJSON is the output of verify --json.
type reportJSON struct {
	Name  string `json:"name"`
	Dir   string `json:"dir"`
	Stack string `json:"stack"`
	*verify.Report
}

// showReport ends the report; its steps are printed already, but for JSON.
func (a *app) showReport(made record.Record, o verifyOptions, report *verify.Report) error {
	if o.json {
		return a.printJSON(reportJSON{made.Name, o.dir, made.Pack.Name, report})
	}
	if report.OK {
		return a.print("%s is fine, in %.1f s\n", made.Name, report.Seconds)
	}
	return a.out.err
}

// stepPrinter prints the steps of a run as they go: what is done to stdout, what is
// being done to stderr, on one line that changes where that is a terminal.
type stepPrinter struct {
	out, err io.Writer // out is nil with --json
	live     bool
	mu       sync.Mutex
	now      string // the step that runs
	since    time.Time
	line     string // that stands there
	tick     *time.Ticker
	stop     chan struct{}
}

func (a *app) stepPrinter(json bool) *stepPrinter {
	p := &stepPrinter{out: a.out, err: a.Err}
	if json {
		p.out = io.Discard
	}
	p.live = prompt.IsTerminal(a.Err) && os.Getenv("TERM") != "dumb" && os.Getenv("ACCESSIBLE") == ""
	if !p.live {
		return p
	}
	p.tick, p.stop = time.NewTicker(200*time.Millisecond), make(chan struct{})
	go func() {
		for {
			select {
			case <-p.tick.C:
				p.mu.Lock()
				p.draw()
				p.mu.Unlock()
			case <-p.stop:
				return
			}
		}
	}()
	return p
}

func (p *stepPrinter) heading(made record.Record) {
	_, _ = fmt.Fprintf(p.out, "%s: %s\n", made.Name, made.Pack.Name) // output keeps the error
}

// begin shows that a step has begun.
func (p *stepPrinter) begin(s verify.Step) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now, p.since = stepName(s), time.Now()
	if p.live {
		p.draw()
	} else {
		_, _ = fmt.Fprintf(p.err, "%s ...\n", p.now) // a hint only
	}
}

// draw writes the changing line over itself; it needs no more of a terminal than the
// carriage return, and no colour.
func (p *stepPrinter) draw() {
	line := ""
	if p.now != "" {
		line = fmt.Sprintf("  ...      %-8s %5d s", p.now, int(time.Since(p.since).Seconds()))
	}
	if line != p.line {
		_, _ = fmt.Fprintf(p.err, "\r%*s\r%s", len(p.line), "", line) // a hint only
		p.line = line
	}
}

// end prints what became of a step.
func (p *stepPrinter) end(s verify.Step) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	var b strings.Builder
	seconds := fmt.Sprintf("%5.1f s", s.Seconds)
	if s.Status == verify.Skipped {
		seconds = strings.Repeat(" ", len(seconds))
	}
	fmt.Fprintf(&b, "  %-8s %-8s %s", s.Status, stepName(s), seconds)
	if s.Note != "" {
		b.WriteString("  " + s.Note)
	}
	line := strings.TrimRight(b.String(), " ") + "\n"
	for _, o := range s.Output {
		line += "    | " + o + "\n"
	}
	if s.Repeat != "" {
		line += "    again: " + s.Repeat + "\n"
	}
	_, _ = io.WriteString(p.out, clean(line)) // output keeps the error
}

// clear takes the changing line away.
func (p *stepPrinter) clear() {
	p.now = ""
	if p.live {
		p.draw()
	}
}

// done ends the display.
func (p *stepPrinter) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	if p.live {
		p.tick.Stop()
		close(p.stop)
	}
}

// stepName is a step's name, with the folder where it is not the project's own.
func stepName(s verify.Step) string {
	if s.Folder == "." {
		return s.Name
	}
	return s.Folder + " " + s.Name
}
