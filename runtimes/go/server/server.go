// Package server serves one function over HTTP: the eleven steps of the contract.
package server

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/open-runtimes/types-for-go/v4/openruntimes"
)

type server struct {
	settings config
	loader   loader
}

// Serve serves a function until SIGTERM.
func Serve(function func(openruntimes.Context) openruntimes.Response) {
	captureNativeOutput()
	refuseSilentExits()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		tellOperator(err.Error())
		os.Exit(1)
	}
	settings := readConfig()
	collectLater(settings.memory)
	serving := &http.Server{
		Handler:        &server{settings: settings, loader: loader{function}},
		MaxHeaderBytes: headerLimit,
	}
	go func() {
		if err := serving.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			tellOperator(err.Error())
			os.Exit(1)
		}
	}()
	fmt.Println("HTTP server successfully started!")
	untilStopped(serving)
}

func (s *server) ServeHTTP(outgoing http.ResponseWriter, incoming *http.Request) {
	path, _, _ := strings.Cut(incoming.RequestURI, "?")

	// 1. Probe
	if path == "/__opr/health" {
		newAnswer(http.StatusOK, plainText, []byte("OK")).send(outgoing)
		return
	}
	if path == "/__opr/timings" {
		// Without the file there are no timings.
		timings, _ := os.ReadFile(timingsFile)
		newAnswer(http.StatusOK, plainText, timings).send(outgoing)
		return
	}

	// 2. Authorize
	headers := readHeaders(incoming)
	if !s.isAuthorized(headers["x-open-runtimes-secret"]) {
		message := `Unauthorized. Provide correct "x-open-runtimes-secret" header.`
		reject(outgoing, incoming, http.StatusUnauthorized, message, "")
		return
	}
	if strings.HasPrefix(path, "/__opr/logs/") && incoming.Method == http.MethodGet {
		logs := collectLogs(strings.TrimPrefix(path, "/__opr/logs/"))
		newAnswer(http.StatusOK, "application/json; charset=utf-8", logs).send(outgoing)
		return
	}

	// 3. Read the timeout
	timeout, err := readTimeout(headers)
	if err != nil {
		reject(outgoing, incoming, http.StatusInternalServerError, err.Error(), "")
		return
	}

	// 4. Open the logger
	logger := newLogger(s.settings, headers["x-open-runtimes-logging"], headers["x-open-runtimes-log-id"])

	// 5. Read the body
	body, err := readBody(incoming)
	if errors.Is(err, errTooLarge) {
		reject(outgoing, incoming, http.StatusRequestEntityTooLarge, err.Error(), logger.id)
		return
	}
	if err != nil {
		panic(http.ErrAbortHandler) // the caller has gone in the middle of it
	}

	// 6. Create the context
	context := newContext(newRequest(s.settings, incoming, headers, body), logger)

	response := func() answer {
		// 7. Load the function
		function, err := s.loader.load()
		if err != nil {
			return failure(http.StatusServiceUnavailable, logger, err.Error())
		}

		// 8. Run the function
		output, problem := run(function, context, logger, timeout)
		if problem != "" {
			return failure(http.StatusInternalServerError, logger, problem)
		}

		// 9. Check the output
		checked, err := check(output)
		if err != nil {
			return failure(http.StatusInternalServerError, logger, err.Error())
		}
		return checked
	}()

	// 10. Flush the logs
	logger.close()

	// 11. Write the response
	response.headers["x-open-runtimes-log-id"] = []string{logger.id}
	response.send(outgoing)
}

func (s *server) isAuthorized(secret string) bool {
	return s.settings.secret == "" || subtle.ConstantTimeCompare([]byte(secret), []byte(s.settings.secret)) == 1
}

func readTimeout(headers map[string]string) (time.Duration, error) {
	text, given := headers["x-open-runtimes-timeout"]
	if !given {
		return 0, nil
	}
	seconds, err := strconv.ParseUint(text, 10, 32)
	if errors.Is(err, strconv.ErrRange) {
		seconds, err = 1<<32-1, nil
	}
	if err != nil || seconds == 0 {
		return 0, errors.New(`Header "x-open-runtimes-timeout" must be an integer greater than 0.`)
	}
	return time.Duration(seconds) * time.Second, nil
}

var errTooLarge = errors.New("Request body size exceeds 20MB limit.")

func readBody(incoming *http.Request) ([]byte, error) {
	if incoming.ContentLength > bodyLimit {
		return nil, errTooLarge
	}
	if incoming.ContentLength >= 0 {
		body := make([]byte, incoming.ContentLength)
		_, err := io.ReadFull(incoming.Body, body)
		return body, err
	}
	body, err := io.ReadAll(io.LimitReader(incoming.Body, bodyLimit+1))
	if len(body) > bodyLimit {
		return nil, errTooLarge
	}
	return body, err
}

func check(output openruntimes.Response) (answer, error) {
	if isNothing(output) {
		return answer{}, errReturnMissing
	}
	return toAnswer(output)
}

func failure(status int, logger *logger, problem string) answer {
	logger.write(errorsFile, problem)
	return newAnswer(status, plainText, nil)
}

// reject answers without the function. What the caller still sends is read first, for who is sending does not listen.
func reject(outgoing http.ResponseWriter, incoming *http.Request, status int, message string, logID string) {
	if incoming.Header.Get("Expect") == "" {
		_, _ = io.CopyN(io.Discard, incoming.Body, 2*bodyLimit)
	}
	refusal := newAnswer(status, plainText, []byte(message))
	refusal.headers["x-open-runtimes-log-id"] = []string{logID}
	refusal.send(outgoing)
}
