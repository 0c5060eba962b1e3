package names

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	maxPath = 240 // bytes below the project; leaves room under Windows' 260, and under the 255 of one part that file systems have
)

// CheckPath says why a slash-separated path cannot be written on every
// operating system, or nil. It looks at the text alone; CheckTree finds
// collisions between paths.
func CheckPath(path string) error {
	if path == "" || len(path) > maxPath {
		return fmt.Errorf("the path has %d bytes; 1 to %d are allowed", len(path), maxPath)
	}
	if !utf8.ValidString(path) || !norm.NFC.IsNormalString(path) {
		return fmt.Errorf("the path %q is not UTF-8 in normal form C", path)
	}
	for segment := range strings.SplitSeq(path, "/") {
		if why := badSegment(segment); why != "" {
			return fmt.Errorf("the path %q is not portable: %s", path, why)
		}
	}
	return nil
}

// badSegment says what is wrong with one part of a path, or nothing.
func badSegment(s string) string {
	switch {
	case s == "":
		return "it is absolute or has an empty part"
	case s == "." || s == "..":
		return "it holds . or .."
	case strings.HasSuffix(s, ".") || strings.HasSuffix(s, " ") || strings.HasPrefix(s, " "):
		return "a part ends in a dot or a space, or starts with a space"
	case strings.ContainsAny(s, `\:*?"<>|`):
		return `a part holds one of \ : * ? " < > |`
	// A variation selector makes a heart red; in a name it makes two of one.
	case strings.ContainsFunc(s, func(r rune) bool { return invisible(r) || unicode.Is(unicode.Variation_Selector, r) }):
		return "a part holds a control or invisible character"
	case windowsDevice(s):
		return "a part is a device on Windows"
	case dotGit(s):
		return "a part is a spelling of .git"
	}
	return ""
}

// invisible reports characters that hide or reorder text: everything that is
// not graphic, the spaces other than U+0020, and the format characters.
func invisible(r rune) bool {
	return r != ' ' && (!unicode.IsGraphic(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r))
}

// Hidden reports characters that steer a terminal, reorder a text or cannot be seen
// in it. Line ends are among them, tabs too; the joiners, which are part of words, are not.
func Hidden(r rune) bool {
	return invisible(r) && r != joiner && r != nonJoiner && !unicode.Is(unicode.Zs, r)
}

// windowsDevice reports CON, NUL, COM1 … in any case and with any ending.
func windowsDevice(s string) bool {
	base, _, _ := strings.Cut(s, ".")
	base = strings.ToLower(strings.TrimRight(base, " "))
	switch base {
	case "con", "prn", "aux", "nul", "conin$", "conout$", "clock$":
		return true
	}
	if rest, ok := strings.CutPrefix(base, "com"); ok {
		return deviceDigit(rest)
	}
	rest, ok := strings.CutPrefix(base, "lpt")
	return ok && deviceDigit(rest)
}

// deviceDigit is true of 0–9 and of the superscripts that Windows takes for digits.
func deviceDigit(s string) bool {
	return len(s) == 1 && s[0] >= '0' && s[0] <= '9' || s == "¹" || s == "²" || s == "³"
}

// dotGit reports names that some file system takes for .git: any case (macOS,
// Windows) and NTFS short names. NTFS streams are refused for their colon before, and
// HFS+ with ignorable characters as invisible.
func dotGit(s string) bool {
	s = strings.ToLower(strings.TrimRight(s, ". "))
	return s == ".git" || strings.HasPrefix(s, "git~")
}

// Clash is two paths that cannot stand beside each other.
type Clash struct {
	Paths [2]string // of files, or of folders on the way to files
	text  string
}

func (c *Clash) Error() string { return c.text }

func clash(one, other, format string) error {
	return &Clash{[2]string{one, other}, fmt.Sprintf(format, one, other)}
}

// CheckTree says which two of the paths cannot stand beside each other: equal,
// equal but for case, or a file where another path needs a folder. Its error is a *Clash.
func CheckTree(paths []string) error {
	spelling := make(map[string]string, 2*len(paths)) // folded path of a file or folder -> as it is written
	isFile := make(map[string]bool, len(paths))
	for _, p := range paths {
		if isFile[p] {
			return &Clash{[2]string{p, p}, fmt.Sprintf("the path %q is there twice", p)}
		}
		isFile[p] = true
	}
	for _, p := range paths {
		for dir := p; ; {
			if dir != p && isFile[dir] {
				return clash(dir, p, "%q is a file, and %q needs it to be a folder")
			}
			if other, ok := spelling[Folded(dir)]; ok && other != dir {
				return clash(other, dir, "the paths %q and %q are the same where case does not count")
			}
			spelling[Folded(dir)] = dir
			cut := strings.LastIndexByte(dir, '/')
			if cut < 0 {
				break
			}
			dir = dir[:cut]
		}
	}
	return nil
}

// Folded gives a path as file systems compare it that ignore case. Lower case alone is
// not enough: ſ and the Kelvin sign are s and k to APFS, and ß is ss.
func Folded(path string) string {
	var b strings.Builder
	for _, r := range path {
		if r < 'A' || r > 'Z' && r < 0x80 { // most paths, and fast
			b.WriteRune(r)
			continue
		}
		if r == 'ß' || r == 'ẞ' {
			b.WriteString("ss")
			continue
		}
		least := r
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		b.WriteRune(unicode.ToLower(least))
	}
	return b.String()
}

// The joiners are invisible but part of words in Persian and of many emoji.
const (
	nonJoiner = '\u200c'
	joiner    = '\u200d'
)

// CheckText says why free text, such as a title, cannot be taken, or nil: one
// line of printable text, at most 200 characters.
func CheckText(text string) error {
	const most = 200
	switch {
	case !utf8.ValidString(text):
		return fmt.Errorf("is not UTF-8 text")
	case utf8.RuneCountInString(text) > most:
		return fmt.Errorf("has %d characters; %d are the most", utf8.RuneCountInString(text), most)
	case strings.ContainsAny(text, "\r\n"):
		return fmt.Errorf("must be one line")
	case strings.ContainsFunc(text, func(r rune) bool { return invisible(r) && r != joiner && r != nonJoiner }):
		return fmt.Errorf("holds a control or invisible character")
	}
	return nil
}
