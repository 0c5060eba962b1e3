package plan

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"
)

// A TOML file is merged as text, so that its comments and its layout stay: new
// keys go to the end of their table, known ones are replaced in place, new
// tables follow at the end. The result is parsed and held against the merge of
// the parsed files, so text that only looks like a key cannot do harm.

// table is one header with its entries. The first table of a file has no header.
type table struct {
	header  string
	lead    string // comments and blank lines above the header
	entries []entry
}

// entry is one key with its value, the comments above it included.
type entry struct{ key, text string }

var (
	tomlHeader = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\[.*\]\s*(#.*)?$`) })
	tomlKey    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([A-Za-z0-9_."'-]+)\s*=`) })
)

func mergeTOML(lower, upper []byte) ([]byte, error) {
	a, b := splitTOML(string(lower)), splitTOML(string(upper))
	at := map[string]int{} // of the first table with a header
	for i, t := range slices.Backward(a) {
		at[t.header] = i
	}
	for _, t := range b {
		i, ok := at[t.header]
		if !ok {
			if !strings.HasPrefix(t.lead, "\n") {
				t.lead = "\n" + t.lead
			}
			at[t.header] = len(a)
			a = append(a, t)
			continue
		}
		a[i].merge(t)
	}
	var out strings.Builder
	for _, t := range a {
		t.write(&out)
	}
	merged := []byte(strings.TrimRight(out.String(), "\n") + "\n")
	return merged, checkTOML(lower, upper, merged)
}

func (t *table) merge(with table) {
	at := map[string]int{}
	for i, e := range slices.Backward(t.entries) {
		at[e.key] = i
	}
	for _, e := range with.entries {
		i, ok := at[e.key]
		switch {
		case ok && e.key != "":
			t.entries[i] = e
		case strings.TrimSpace(e.text) != "":
			at[e.key] = len(t.entries)
			t.append(e)
		}
	}
}

// append adds an entry before the blank lines that end the table.
func (t *table) append(e entry) {
	if n := len(t.entries); n > 0 {
		last := &t.entries[n-1]
		body := strings.TrimRight(last.text, "\n") // the file's last line may have no end
		e.text += strings.TrimPrefix(last.text[len(body):], "\n")
		last.text = body + "\n"
	}
	t.entries = append(t.entries, e)
}

func (t table) write(w *strings.Builder) {
	w.WriteString(t.lead)
	if t.header != "" {
		w.WriteString(t.header + "\n")
	}
	for _, e := range t.entries {
		w.WriteString(e.text)
	}
}

// splitTOML cuts a file into its tables and entries by the lines that start
// them; every line lands in exactly one text.
func splitTOML(src string) []table {
	tables := []table{{}}
	held := "" // comments and blank lines that belong to what comes next
	for line := range strings.Lines(src) {
		t := &tables[len(tables)-1]
		trimmed := strings.TrimRight(line, "\r\n")
		switch m := tomlKey().FindStringSubmatch(trimmed); {
		case tomlHeader().MatchString(trimmed):
			tables = append(tables, table{header: trimmed, lead: held})
			held = ""
		case m != nil:
			t.entries = append(t.entries, entry{m[1], held + line})
			held = ""
		case trimmed == "" || strings.HasPrefix(trimmed, "#"):
			held += line
		case len(t.entries) > 0: // a value goes on
			last := &t.entries[len(t.entries)-1]
			last.text += held + line
			held = ""
		default:
			held += line
		}
	}
	if held != "" {
		t := &tables[len(tables)-1]
		t.entries = append(t.entries, entry{"", held})
	}
	return tables
}

// checkTOML proves that the merged text means what merging the values means.
func checkTOML(lower, upper, merged []byte) error {
	var a, b, got map[string]any
	for _, f := range []struct {
		src []byte
		to  *map[string]any
	}{{lower, &a}, {upper, &b}, {merged, &got}} {
		if err := toml.Unmarshal(f.src, f.to); err != nil {
			var at *toml.DecodeError
			if errors.As(err, &at) {
				line, col := at.Position()
				return fmt.Errorf("line %d, column %d: %w", line, col, err)
			}
			return err
		}
	}
	if !reflect.DeepEqual(deepMerge(a, b), got) {
		return errors.New("the tables do not merge cleanly; write them without dotted or repeated headers")
	}
	return nil
}

func deepMerge(a, b map[string]any) map[string]any {
	for k, v := range b {
		below, ok := a[k].(map[string]any)
		over, both := v.(map[string]any)
		if ok && both {
			a[k] = deepMerge(below, over)
		} else {
			a[k] = v
		}
	}
	return a
}
