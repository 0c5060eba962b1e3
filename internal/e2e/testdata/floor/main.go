// Command floor is the smallest program that renders a template pack: it reads a folder
// as text/template with sprig's functions, and writes the files. What stackinit takes
// beyond it is what packs cost that are checked, bounded, recorded and never half-written.
//
//	floor PACK VALUES.JSON OUT
package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"text/template"

	"github.com/Masterminds/sprig/v3"
)

func main() {
	values := map[string]any{}
	body, err := os.ReadFile(os.Args[2])
	check(err)
	check(json.Unmarshal(body, &values))
	from, out := filepath.Join(os.Args[1], "template"), os.Args[3]
	paths := make(chan string, 64)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			root := template.New("").Funcs(sprig.TxtFuncMap()).Option("missingkey=error")
			for path := range paths {
				make1(root, path, filepath.Join(out, strings.TrimSuffix(named(root, path[len(from):], values), ".tmpl")), values)
			}
		})
	}
	check(filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			return os.MkdirAll(filepath.Join(out, named(template.New(""), path[len(from):], values)), 0o777)
		}
		paths <- path
		return err
	}))
	close(paths)
	wg.Wait()
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func named(root *template.Template, path string, values map[string]any) string {
	if !strings.Contains(path, "{{") {
		return path
	}
	var b strings.Builder
	check(template.Must(root.New("").Parse(path)).Execute(&b, values))
	return b.String()
}

func make1(root *template.Template, path, to string, values map[string]any) {
	body, err := os.ReadFile(path)
	check(err)
	if strings.HasSuffix(path, ".tmpl") {
		var b bytes.Buffer
		check(template.Must(root.New("").Parse(string(body))).Execute(&b, values))
		body = b.Bytes()
	}
	check(os.WriteFile(to, body, 0o666))
}
