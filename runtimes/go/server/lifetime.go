// How the server ends: by SIGTERM after what is in flight, or visibly by what a function did.

package server

import (
	"context"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "unsafe" // for linkname
)

//go:linkname onExit os.onExit
var onExit func(code int) int

// refuseSilentExits keeps the last words of a function that ends the process,
// which must not look like a server that was told to stop.
func refuseSilentExits() {
	onExit = func(code int) int {
		for _, logger := range inFlight() {
			logger.flush()
		}
		if code == 0 {
			return 1
		}
		return code
	}
}

// untilStopped waits for SIGTERM, and then for the requests in flight, but not longer than the contract allows.
func untilStopped(server *http.Server) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	<-signals
	limit, cancel := context.WithTimeout(context.Background(), drainSeconds*time.Second)
	defer cancel()
	_ = server.Shutdown(limit)
}
