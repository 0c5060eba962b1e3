//go:build unix

package e2e

import (
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// This file starts the servers that some projects need. They come from the packages of
// the distribution, keep their data in a folder for temporary files and listen on a free
// port of 127.0.0.1; nothing of the system's own is touched.

// postgres gives the URL of a new, empty database and of a user of its own, so that what
// a test leaves behind can be told from what others are using. The server is started with
// the first one and serves the whole run.
func postgres(t testing.TB) string {
	t.Helper()
	_, err := postgresBinary("initdb")
	need(t, "PostgreSQL's initdb, in PATH or below /usr/lib/postgresql", err == nil)
	s, err := postgresServer()
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("test%d", databases.Add(1))
	for _, statement := range []string{
		"CREATE ROLE " + name + " LOGIN CREATEDB PASSWORD '" + postgresPassword + "'",
		"CREATE DATABASE " + name + " OWNER " + name,
	} {
		if err := s.psql(statement); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if err := s.psql("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return "postgres://" + name + ":" + postgresPassword + "@127.0.0.1:" + s.port + "/" + name
}

// redis gives the URL of a Redis that nobody else uses, until the test is over.
func redis(t testing.TB) string {
	t.Helper()
	tool(t, "redis-server")
	dir := t.TempDir()
	port := freePort(t)
	s := &server{dir: dir, port: port}
	err := s.start(nil, "redis-server", "--port", port, "--bind", "127.0.0.1", "--dir", dir, "--save", "", "--appendonly", "no")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.stop)
	return "redis://127.0.0.1:" + port
}

const postgresPassword = "tester"

var databases atomic.Int64

// started are the servers of the whole run; TestMain stops them.
var started struct {
	sync.Mutex
	all []*server
}

func stopServers() {
	for _, s := range started.all {
		s.stop()
		if err := os.RemoveAll(s.dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
}

var postgresServer = sync.OnceValues(func() (*server, error) {
	owner, err := postgresOwner()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "stackinit-e2e-postgres-")
	if err != nil {
		return nil, err
	}
	s := &server{dir: dir}
	started.Lock()
	started.all = append(started.all, s)
	started.Unlock()
	if s.port, err = findPort(); err != nil {
		return nil, err
	}
	password := filepath.Join(dir, "password")
	if err := os.WriteFile(password, []byte(postgresPassword+"\n"), 0o600); err != nil {
		return nil, err
	}
	if owner != nil {
		for _, path := range []string{dir, password} {
			if err := os.Chown(path, int(owner.Uid), int(owner.Gid)); err != nil {
				return nil, err
			}
		}
	}
	initdb, err := postgresBinary("initdb")
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	if out, err := s.command(owner, initdb, "--pgdata", data, "--username", "tester", "--pwfile", password,
		"--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	binary, err := postgresBinary("postgres")
	if err != nil {
		return nil, err
	}
	return s, s.start(owner, binary, "-D", data, "-p", s.port, "-h", "127.0.0.1", "-k", "", "-c", "fsync=off", "-c", "max_connections=200")
})

// postgresOwner is who runs PostgreSQL, which refuses to run as root; nil is oneself.
func postgresOwner() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, fmt.Errorf("root may not run PostgreSQL, and there is no user postgres or nobody")
}

// postgresBinary finds a program of PostgreSQL; Debian keeps most out of PATH.
func postgresBinary(name string) (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(found) == 0 {
		return exec.LookPath(name)
	}
	return found[len(found)-1], nil
}

// server is a database server below a folder.
type server struct {
	dir, port string
	cmd       *exec.Cmd
	leash     io.Closer // held as long as the server may live
	log       output
}

// command makes a command that runs as owner, away from the tests' own environment.
func (s *server) command(owner *syscall.Credential, args ...string) *exec.Cmd {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = s.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "PGPASSWORD=" + postgresPassword}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: owner}
	return cmd
}

// start starts the server and waits until it takes connections. A shell between holds it:
// the server ends by its pid when this process closes the shell's input, or is killed.
func (s *server) start(owner *syscall.Credential, args ...string) error {
	const shell = `"$@" </dev/null & pid=$!; read -r _; kill -INT $pid; wait $pid`
	s.cmd = s.command(owner, append([]string{"sh", "-c", shell, "sh"}, args...)...)
	s.cmd.Stdout, s.cmd.Stderr = &s.log, &s.log
	leash, err := s.cmd.StdinPipe()
	if err != nil {
		return err
	}
	s.leash = leash
	if err := s.cmd.Start(); err != nil {
		return err
	}
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if c, err := net.Dial("tcp", "127.0.0.1:"+s.port); err == nil {
			return c.Close()
		}
	}
	s.stop()
	return fmt.Errorf("%s does not listen:\n%s", args[0], s.log.String())
}

func (s *server) stop() {
	if s.cmd == nil || s.cmd.Process == nil {
		return
	}
	_ = s.leash.Close()
	_ = s.cmd.Wait() // the shell tells how the server ended, which is no matter here
}

// psql runs a statement in the database that every server has. The server takes
// connections a moment before it answers them.
func (s *server) psql(statement string) error {
	psql, err := postgresBinary("psql")
	if err != nil {
		return err
	}
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		out, err := s.command(nil, psql, "--no-psqlrc", "--quiet", "--host", "127.0.0.1", "--port", s.port,
			"--username", "tester", "--command", statement, "postgres").CombinedOutput()
		switch {
		case err == nil:
			return nil
		case !strings.Contains(string(out), "starting up") || time.Now().After(end):
			return fmt.Errorf("psql: %w: %s", err, out)
		}
	}
}

// line is a way to a server that can be cut.
type line struct {
	url     string // of the server, by this way
	to      string
	mu      sync.Mutex
	at      net.Listener
	through []net.Conn
}

// lineTo gives a line to the server of a URL.
func lineTo(t testing.TB, server string) *line {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	l := &line{to: u.Host}
	u.Host = "127.0.0.1:" + freePort(t)
	l.url = u.String()
	l.mend(t)
	t.Cleanup(func() { l.cut(t) })
	return l
}

// mend lets connections through, also after a cut.
func (l *line) mend(t testing.TB) {
	t.Helper()
	u, err := url.Parse(l.url)
	if err != nil {
		t.Fatal(err)
	}
	at, err := net.Listen("tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	l.at = at
	go func() {
		for {
			from, err := at.Accept()
			if err != nil {
				return // cut
			}
			to, err := net.Dial("tcp", l.to)
			if err != nil {
				_ = from.Close()
				continue
			}
			l.mu.Lock()
			l.through = append(l.through, from, to)
			l.mu.Unlock()
			go pass(from, to)
			go pass(to, from)
		}
	}()
}

// pass hands everything on until one end is closed, and then closes the other.
func pass(from, to net.Conn) {
	_, _ = io.Copy(to, from)
	_ = to.Close()
	_ = from.Close()
}

// cut ends all connections and refuses new ones.
func (l *line) cut(t testing.TB) {
	t.Helper()
	_ = l.at.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.through {
		_ = c.Close()
	}
	l.through = nil
}

// TestServers: what the tests of projects stand on. Databases are apart, and a Redis answers.
func TestServers(t *testing.T) {
	slow(t)
	one, other := postgres(t), postgres(t)
	if one == other {
		t.Errorf("the same database twice: %s", one)
	}
	psql, err := postgresBinary("psql")
	if err != nil {
		t.Fatal(err)
	}
	run(t, "", os.Environ(), psql, one, "--command", "CREATE TABLE here ()")
	if out, err := try(t, "", os.Environ(), psql, other, "--command", "SELECT FROM here"); err == nil {
		t.Errorf("the other database has the table, too: %s", out)
	}
	c, err := net.Dial("tcp", strings.TrimPrefix(redis(t), "redis://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, "PING\r\n"); err != nil {
		t.Fatal(err)
	}
	pong := make([]byte, 7)
	if _, err := io.ReadFull(c, pong); err != nil || string(pong) != "+PONG\r\n" {
		t.Errorf("Redis answers %q: %v", pong, err)
	}
}
