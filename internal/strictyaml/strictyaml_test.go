package strictyaml

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestParseRefuses(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"duplicate key", "a: 1\nb: 2\na: 3\n", `f.yaml:3:1: "a" is given twice; the first time in line 1`},
		{"nested duplicate", "x:\n  a: 1\n  a: 2\n", "f.yaml:3:3:"},
		{"anchor", "a: &x 1\nb: *x\n", "f.yaml:1:4: anchors and aliases"},
		{"alias", "a: &x 1\nb: *x\n", "f.yaml:2:4: anchors and aliases"},
		{"tag", "a: !!bool perhaps\n", "f.yaml:1:4: tags such as !!bool"},
		{"tag of a list", "a:\n  - !!int [1]\n", "f.yaml:2:5: tags such as !!int"},
		{"tag of a key", "!x a: 1\n", "f.yaml:1:1: tags such as !x"},
		{"merge key", "a: 1\n<<: {b: 2}\n", "plain word"},
		{"two documents", "a: 1\n---\nb: 2\n", "more than one document"},
		{"not UTF-8", "a: \xff\n", "not UTF-8"},
		{"UTF-16", "\xff\xfea\x00", "not UTF-8"},
		{"an open list", "a: 1\nb: 2\nc: [1, 2\nd: 3\n", "f.yaml:3:1: not valid YAML"},
		{"a list among keys", "a: 1\n- b\n", "f.yaml:2:1: not valid YAML"},
		{"an odd sign on the first line", "a: @x\n", "f.yaml:1:1: not valid YAML"},
		{"tab", "a:\n\tb: 1\n", "f.yaml:2:1: not valid YAML"},
		{"key is a list", "[a]: 1\n", "plain word"},
		{"huge", "a: " + strings.Repeat("x", MaxBytes), "more than the 256 KiB"},
		{"deep flow", strings.Repeat("[", 200_000), "nested more than"},
		{"deep block", strings.Repeat("- ", 100_000), "max depth"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			_, err := Parse("f.yaml", []byte(tt.src))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Parse: %v\nwant %s", err, tt.want)
			}
			if took := time.Since(start); took > 2*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestValuesKeepTheirText(t *testing.T) {
	root, err := Parse("f.yaml", []byte("\ufeffversion: 3.10\r\nyes: no\r\nlist: [a, 007]\r\ndate: 2026-11-23\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	fields, err := root.Fields()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"version": "3.10", "yes": "no", "date": "2026-11-23"}
	for _, f := range fields {
		if f.Key == "list" {
			if got, err := f.Value.Texts(); err != nil || strings.Join(got, " ") != "a 007" {
				t.Errorf("list: %q, %v", got, err)
			}
			continue
		}
		if got, err := f.Value.Text(); err != nil || got != want[f.Key] {
			t.Errorf("%s: %q, %v; want %q", f.Key, got, err, want[f.Key])
		}
	}
}

func TestWrongTypes(t *testing.T) {
	root, err := Parse("f.yaml", []byte("a: null\nb: [1]\nc: {d: 1}\ne: ~\nf:\ng: x\nh: [x, [y]]\n"))
	if err != nil {
		t.Fatal(err)
	}
	fields, _ := root.Fields()
	for _, f := range fields {
		_, err := f.Value.Text()
		if (err == nil) != (f.Key == "g") {
			t.Errorf("%s: Text gives %v", f.Key, err)
		}
		if _, err := f.Value.Int(); err == nil {
			t.Errorf("%s is taken for a number", f.Key)
		}
		if _, err := f.Value.Bool(); err == nil {
			t.Errorf("%s is taken for a truth value", f.Key)
		}
		if _, err := f.Value.Texts(); (err == nil) != (f.Key == "b") {
			t.Errorf("%s: Texts gives %v", f.Key, err)
		}
	}
}

// True is how people write it who write Python too; a tag does not make a word one.
func TestBool(t *testing.T) {
	for text, want := range map[string]string{
		"true": "true", "True": "true", "TRUE": "true", "false": "false", "False": "false",
		"yes": "", "on": "", "1": "", "'true'": "", "!!bool yes": "", "!!bool no": "", "!!bool 1": "",
	} {
		root, err := Parse("f.yaml", []byte("a: "+text+"\n"))
		if err != nil {
			continue
		}
		fields, _ := root.Fields()
		got, err := fields[0].Value.Bool()
		if said := fmt.Sprint(got); want == "" && err == nil || want != "" && (err != nil || said != want) {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
}

// A value of the wrong type is named as what it is; what is written otherwise than
// usual counts all the same.
func TestValues(t *testing.T) {
	root, err := Parse("f.yaml", []byte("n: ~\nl: [1]\nm: {}\nt: \"5\"\nhex: 0x10\nb: TRUE\ni: 5\n"))
	if err != nil {
		t.Fatal(err)
	}
	fields, _ := root.Fields()
	var got strings.Builder
	for _, f := range fields {
		i, ierr := f.Value.Int()
		b, berr := f.Value.Bool()
		fmt.Fprintln(&got, f.Key, i, ierr, b, berr)
	}
	want := `n 0 f.yaml:1:4: expected a whole number, found nothing (null) false f.yaml:1:4: expected true or false, found nothing (null)
l 0 f.yaml:2:4: expected a whole number, found a list false f.yaml:2:4: expected true or false, found a list
m 0 f.yaml:3:4: expected a whole number, found a mapping false f.yaml:3:4: expected true or false, found a mapping
t 0 f.yaml:4:4: expected a whole number, found "5" false f.yaml:4:4: expected true or false, found "5"
hex 0 f.yaml:5:6: expected a whole number, found "0x10" false f.yaml:5:6: expected true or false, found "0x10"
b 0 f.yaml:6:4: expected a whole number, found "TRUE" true <nil>
i 5 <nil> false f.yaml:7:4: expected true or false, found "5"
`
	if got.String() != want {
		t.Errorf("%s", got.String())
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"a: 1", "{}", "[a, b]", "a: &x\n  b: *x", "- - -", "\"\\u0000\": 1", "? a\n: b", "!!binary x: 1"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		n, err := Parse("f", src)
		if err != nil {
			return
		}
		if fields, err := n.Fields(); err == nil {
			for _, f := range fields {
				_ = f.Value.What()
			}
		}
	})
}
