package testterm_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/term"

	"github.com/stackinit/stackinit/internal/testterm"
)

// programs are what the test binary plays when it is started in a terminal.
var programs = map[string]func() int{
	"echo": func() int {
		fmt.Print("Name? ")
		name, _ := bufio.NewReader(os.Stdin).ReadString('\n')
		fmt.Println("Hello,", name)
		return 7
	},
	"wide": func() int {
		fmt.Println(strings.Repeat("x", 40))
		fmt.Println(strings.Repeat("y", 39) + " z")
		return 0
	},
	"where": func() int { // asks for the cursor's position, as survey's Input does
		if _, err := term.MakeRaw(0); err != nil {
			return 1
		}
		fmt.Print("\r\nab\x1b[6n")
		reply, _ := bufio.NewReader(os.Stdin).ReadString('R')
		fmt.Printf("%q", reply)
		return 0
	},
	"wait": func() int {
		interrupt := make(chan os.Signal, 1)
		signal.Notify(interrupt, syscall.SIGINT)
		fmt.Println("waiting")
		<-interrupt
		return 130
	},
}

func TestMain(m *testing.M) {
	if play, ok := programs[os.Getenv("TESTTERM_PLAY")]; ok {
		os.Exit(play())
	}
	os.Exit(m.Run())
}

func start(t *testing.T, program string, cols int) *testterm.Terminal {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "TESTTERM_PLAY="+program)
	return testterm.Start(t, cmd, cols, 24)
}

func TestTalk(t *testing.T) {
	tt := start(t, "echo", 80)
	tt.Expect("Name?")
	tt.Type("Zoë", testterm.Enter)
	if code := tt.Wait(); code != 7 {
		t.Errorf("exit code %d, want 7", code)
	}
	if got, want := strings.Join(tt.Screen(), "|"), "Name? Zoë|Hello, Zoë"; got != want {
		t.Errorf("screen %q, want %q", got, want)
	}
}

func TestWrapped(t *testing.T) {
	tt := start(t, "wide", 40)
	tt.Wait()
	if got := tt.Wrapped(); len(got) != 1 || !strings.HasPrefix(got[0], "yyy") {
		t.Errorf("wrapped %q, want the second line alone", got)
	}
}

func TestCursorPosition(t *testing.T) {
	tt := start(t, "where", 80)
	tt.Wait()
	tt.Expect(`"\x1b[2;3R"`)
}

func TestSignals(t *testing.T) {
	// Under nohup a program would take over that this one is ignored; what is caught here
	// has its meaning again there.
	hangUps := make(chan os.Signal, 1)
	signal.Notify(hangUps, syscall.SIGHUP)
	defer signal.Stop(hangUps)
	cases := []struct {
		name string
		send func(tt *testterm.Terminal)
		want int
	}{
		{"Ctrl-C", func(tt *testterm.Terminal) { tt.Type(testterm.CtrlC) }, 130},
		{"SIGTERM", func(tt *testterm.Terminal) { tt.Signal(syscall.SIGTERM) }, 143},
		{"hang-up", func(tt *testterm.Terminal) { tt.HangUp() }, 129},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			tt := start(t, "wait", 80)
			tt.Expect("waiting")
			c.send(tt)
			if code := tt.Wait(); code != c.want {
				t.Errorf("exit code %d, want %d", code, c.want)
			}
		})
	}
}
