// One call of the function: within its time, and with an end that can be told.

package server

import (
	"errors"
	"time"

	"github.com/open-runtimes/types-for-go/v4/openruntimes"
)

const timedOut = "Execution timed out."

var errReturnMissing = errors.New("Return statement missing. return context.res.empty() if no response is expected.")

type ending struct {
	response openruntimes.Response
	problem  string // what the function died of
}

// run calls the function in a goroutine of its own, which nothing can stop: after a timeout it goes on unheard.
// A timeout of 0 is no limit. Returns what the function died of, if it did.
func run(
	function Function, context openruntimes.Context, logger *logger, timeout time.Duration,
) (openruntimes.Response, string) {
	ended := make(chan ending, 1)
	go call(function, context, logger, ended)
	var deadline <-chan time.Time
	if timeout > 0 {
		timer := time.NewTimer(timeout)
		defer timer.Stop()
		deadline = timer.C
	}
	select {
	case <-deadline:
		return openruntimes.Response{}, timedOut
	case end := <-ended:
		return end.response, end.problem
	}
}

func call(function Function, context openruntimes.Context, logger *logger, ended chan<- ending) {
	release := capture(logger)
	end := ending{problem: "The function ended its goroutine."}
	defer func() {
		if value := recover(); value != nil {
			end.problem = describe(value, "panic(")
		}
		ended <- end
		release()
	}()
	end = ending{response: function(context)}
}

// isNothing tells a response that was never made.
func isNothing(response openruntimes.Response) bool {
	return response.StatusCode == 0 && response.Body == nil && response.Headers == nil
}
