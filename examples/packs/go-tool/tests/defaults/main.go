// Command hail greets whoever is named.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	name := flag.String("name", "world", "who is greeted")
	flag.Parse()
	greet(os.Stdout, *name)
}

func greet(w io.Writer, name string) {
	fmt.Fprintf(w, "%s, %s!\n", "Hello", name)
}
