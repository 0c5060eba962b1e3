package render

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"strings"

	"github.com/stackinit/stackinit/internal/markdown"
)

// encoders write free text into a file's format. Those of formats with string
// literals add the quotes. Free text is one printable line (names.CheckText), or
// several of them with tabs, so control characters need no care here.
var encoders = map[string]function{
	"json":   encoder(quoteJSON),
	"yaml":   encoder(quoteJSON), // a JSON string is a YAML double-quoted scalar
	"toml":   encoder(quoteJSON), // and a TOML basic string
	"js":     encoder(quoteShortest),
	"python": encoder(quoteShortest),
	"sh":     encoder(quoteShell),
	"dockerfile": f1(func(v any) (string, error) {
		text, err := encoder(quoteDockerfile)([]any{v})
		if quoted, _ := text.(string); !strings.Contains(quoted, "\n") {
			return quoted, err
		}
		return "", errors.New("a text of several lines cannot stand in a Dockerfile, where the second would be an instruction")
	}),
	"markdown": encoder(markdown.Escape),
	"html":     encoder(html.EscapeString), // of elements and of quoted attributes
	"text":     encoder(func(s string) string { return s }),
	"quote":    encoder(quoteJSON),
	"toJson":   encoder(quoteJSON),
}

// encoder makes a function that takes free text or a plain string.
func encoder(encode func(string) string) function {
	return f1(func(v any) (string, error) {
		switch v := v.(type) {
		case Text:
			return encode(string(v)), nil
		case Secret:
			return encode(string(v)), nil
		case string:
			return encode(v), nil
		}
		return "", fmt.Errorf("only text can be encoded, not %s", kind(v))
	})
}

// quoteJSON gives a JSON string.
func quoteJSON(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes
	return strings.TrimSuffix(b.String(), "\n")
}

// quoteShortest gives a JavaScript or Python literal in the quotes that need
// fewer escapes, as Biome's and Ruff's formatters want it.
func quoteShortest(s string) string {
	if strings.Count(s, `"`) <= strings.Count(s, `'`) {
		return quoteJSON(s)
	}
	inner := quoteJSON(s)
	inner = strings.ReplaceAll(inner[1:len(inner)-1], `\"`, `"`)
	return `'` + strings.ReplaceAll(inner, `'`, `\'`) + `'`
}

func quoteShell(s string) string { return `'` + strings.ReplaceAll(s, `'`, `'\''`) + `'` }

var dockerSpecial = strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `\$`)

func quoteDockerfile(s string) string { return `"` + dockerSpecial.Replace(s) + `"` }
