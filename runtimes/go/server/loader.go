// Holds the user's function. It is part of this program, so that whatever runs
// when it is loaded has run before the server starts.

package server

import (
	"errors"

	"github.com/open-runtimes/types-for-go/v4/openruntimes"
)

// Function is what a user's package has to export as Main.
type Function func(openruntimes.Context) openruntimes.Response

type loader struct {
	function Function
}

// load fails for a Main that is a variable and holds nothing.
func (l loader) load() (Function, error) {
	if l.function == nil {
		return nil, errors.New("Function signature invalid. Did you forget to export a 'main' function?")
	}
	return l.function, nil
}
