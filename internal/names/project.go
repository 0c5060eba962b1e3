// Package names holds the grammar of project names and of the paths of
// generated files: one grammar for every operating system, so that a project
// made on one can be cloned on every other.
package names

import (
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
)

const (
	minProject = 2
	maxProject = 64 // fits a DNS label, with one character to spare
)

// CheckProject says what is wrong with a project's name, or nil. The same names
// are refused whatever the stack, so that a project can change its stack.
func CheckProject(name string) error {
	const hint = "use lower-case letters, digits and single hyphens, starting with a letter, e.g. my-service"
	switch {
	case len(name) < minProject || len(name) > maxProject:
		return diag.New(diag.Usage, hint, "the project name %s has %d characters; it needs %d to %d", show(name), len(name), minProject, maxProject)
	case !isProject(name):
		return diag.New(diag.Usage, hint, "%s is not a project name", show(name))
	}
	if what := reserved(name); what != "" {
		return diag.New(diag.Usage, "choose another, e.g. "+name+"-service", "the project name %q is taken: it is %s", name, what)
	}
	if windowsDevice(name) {
		return diag.New(diag.Usage, "choose another, e.g. "+name+"-service", "the project name %q is taken: it is a device on Windows", name)
	}
	return nil
}

// isProject is true of ^[a-z][a-z0-9]*(-[a-z0-9]+)*$, which is asked at every start.
func isProject(name string) bool {
	for part := range strings.SplitSeq(name, "-") {
		if part == "" || strings.Trim(part, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return false
		}
	}
	return name[0] >= 'a'
}

// show quotes a name for a message, cut so that it stays on one line.
func show(name string) string {
	const most = 40
	cut := []rune(name)
	if len(cut) > most {
		cut = append(cut[:most], '…')
	}
	return strings.ToValidUTF8(quoted(string(cut)), "?")
}

func quoted(s string) string { return `"` + printable(s) + `"` }

// printable replaces what would disturb a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if invisible(r) {
			return '?'
		}
		return r
	}, s)
}

// reserved says what it is that the name would shadow once the project is installed
// or imported, or nothing.
func reserved(name string) string {
	for _, list := range []struct{ what, names string }{
		{"a module of Node", nodeModules},
		{"a module of Python's library", pythonModules},
		{"a keyword of Python", pythonKeywords},
		{"a folder that the tools create", "node-modules dist build venv test tests"},
	} {
		for taken := range strings.FieldsSeq(list.names) {
			if taken == name {
				return list.what
			}
		}
	}
	return ""
}

// nodeModules is require("module").builtinModules of Node 24 and 26 as far as
// the grammar above lets it through, with the modules that need "node:".
const nodeModules = `
assert buffer cluster console constants crypto dgram diagnostics-channel dns domain events fs http http2 https
inspector module net os path process punycode querystring readline repl sea sqlite stream sys timers tls tty url
util v8 vm wasi worker zlib node npm npx`

// pythonKeywords is keyword.kwlist and keyword.softkwlist of Python 3.14.
const pythonKeywords = `
and as assert async await break case class continue def del elif else except finally for from global if import in
is lambda match nonlocal not or pass raise return try type while with yield`

// pythonModules is sys.stdlib_module_names of Python 3.11 to 3.14; modules that
// newer versions dropped stay, since 3.11 is still supported.
const pythonModules = `
abc aifc annotationlib antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii
bisect builtins bz2 calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall compression
concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal
difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch
fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http
idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale logging
lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt
ntpath nturl2path numbers opcode operator optparse os ossaudiodev pathlib pdb pickle pickletools pip pipes pkgutil
platform plistlib poplib posix posixpath pprint profile pstats pty pwd pyclbr pydoc pyexpat python queue quopri random re
readline reprlib resource rlcompleter runpy sched secrets select selectors setuptools shelve shlex shutil signal site
smtpd smtplib sndhdr socket socketserver spwd sqlite3 ssl stat statistics string stringprep struct subprocess sunau
symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios textwrap this threading time timeit tkinter
token tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uu
uuid venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib
zoneinfo`
