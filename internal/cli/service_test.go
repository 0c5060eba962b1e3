package cli_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// service is a generated project's service, as far as verify sees it. The variable
// SERVICE says what is wrong with it.
func service() {
	how := os.Getenv("SERVICE")
	if how == "dies" {
		fmt.Fprintln(os.Stderr, "no settings")
		os.Exit(1)
	}
	stopped := make(chan os.Signal, 1)
	signal.Notify(stopped, syscall.SIGTERM)
	if how == "leaves" {
		if err := exec.Command("sleep", "600").Start(); err != nil {
			panic(err)
		}
	}
	http.HandleFunc("/health/live", func(http.ResponseWriter, *http.Request) {})
	http.HandleFunc("/health/ready", func(w http.ResponseWriter, _ *http.Request) {
		if how == "unready" {
			// Whoever wants to know which process serves finds it here.
			if err := os.WriteFile(os.Getenv("WORK")+"/child", fmt.Append(nil, os.Getpid()), 0o644); err != nil {
				panic(err)
			}
			http.Error(w, "no database", http.StatusServiceUnavailable)
		}
	})
	go func() { panic(http.ListenAndServe(os.Getenv("HOST")+":"+os.Getenv("PORT"), nil)) }()
	<-stopped
	if how == "badly" {
		os.Exit(7)
	}
}
