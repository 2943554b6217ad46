// Package server serves one function to the front, as runtimes/agent/README.md says: many calls at once, each on a
// connection of its own to a unix socket.
package server

import (
	"bufio"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/open-runtimes/types-for-go/v4/openruntimes"
)

const (
	front      = "/usr/local/server/helpers/agent"
	readAtOnce = 16 * 1024
	ended      = "The function ended its goroutine."
	missing    = "Return statement missing. return context.res.empty() if no response is expected."
	noFunction = "Function signature invalid. Did you forget to export a 'main' function?"
)

// Function is what a user's package has to export as Main.
type Function = func(openruntimes.Context) openruntimes.Response

// Serve serves a function until SIGTERM.
func Serve(function Function) {
	socket := os.Getenv("OPEN_RUNTIMES_SOCKET")
	if socket == "" {
		// A start command that names this program: it is the front that comes first.
		program, _ := os.Executable()
		arguments := []string{front, "front", "--reach", "socket", "--", program}
		end(syscall.Exec(front, arguments, os.Environ()))
	}
	os.Unsetenv("OPEN_RUNTIMES_SOCKET")
	syscall.CloseOnExec(recordsPipe)
	captureNativeOutput()
	collectLater(os.Getenv("OPEN_RUNTIMES_MEMORY"))
	listener, err := net.Listen("unix", socket)
	for err == nil {
		var connection net.Conn
		if connection, err = listener.Accept(); err == nil {
			go serve(connection, function)
		}
	}
	end(err)
}

func end(err error) {
	os.Stderr.WriteString("The server has ended: " + err.Error() + "\n")
	os.Exit(1)
}

// serve answers one message after the other, until the front leaves.
func serve(connection net.Conn, function Function) {
	defer connection.Close()
	reader := bufio.NewReaderSize(connection, readAtOnce)
	for {
		incoming, err := readMessage(reader)
		if err != nil {
			return
		}
		var answer []byte
		switch {
		case incoming.first == "x-open-runtimes-call":
			answer = answerCall(incoming, function)
		case incoming.about == "load":
			answer = load(incoming, function)
		default:
			answer = answerWith("200", nil, nil)
		}
		if _, err := connection.Write(answer); err != nil {
			return
		}
	}
}

// load has nothing to do but to take the environment: the function's package is a part of this program.
func load(incoming message, function Function) []byte {
	if len(incoming.body) > 0 {
		os.Clearenv()
		for _, entry := range strings.Split(string(incoming.body), "\x00") {
			name, value, _ := strings.Cut(entry, "=")
			os.Setenv(name, value)
		}
	}
	if function == nil { // a Main that is a variable
		record("error", "-", noFunction)
		return answerWith("503 load", nil, nil)
	}
	return answerWith("200", nil, nil)
}

func answerCall(incoming message, function Function) []byte {
	response, problem := run(function, newContext(incoming), incoming.about)
	if problem == "" {
		problem = openruntimes.ProblemOf(response)
	}
	if problem == "" && response.StatusCode == 0 && response.Body == nil && response.Headers == nil {
		problem = missing
	}
	if problem != "" {
		record("error", incoming.about, problem)
		return answerWith("500 error", nil, nil)
	}
	writeAll()
	return answerOf(response)
}

// run calls the function in a goroutine of its own, whatever it does to that. Returns what it died of, if it did.
func run(function Function, context openruntimes.Context, id string) (response openruntimes.Response, problem string) {
	done := make(chan struct{})
	go func() {
		problem = ended
		release := capture(id)
		defer close(done)
		defer release()
		defer func() {
			if value := recover(); value != nil {
				problem = describe(value, "panic(")
			}
		}()
		response = function(context)
		problem = ""
	}()
	<-done
	return response, problem
}

// ballast counts as heap, but takes no memory, since nothing ever touches it. Without it garbage is collected each time
// that the heap has doubled from a few megabytes, which with a small function is dozens of times a second. It is a
// fixed room for garbage, however large a function's own heap is, and small beside the container's memory.
var ballast []byte

func collectLater(memory string) {
	room := 16
	if megabytes, err := strconv.Atoi(memory); err == nil && megabytes > 0 && megabytes < 512 {
		room = megabytes / 32
	}
	ballast = make([]byte, room<<20)
}
