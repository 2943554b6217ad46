// The text of a logged value. Nothing in here panics, whatever the value does.

package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"runtime/debug"
	"strings"
)

// format gives strings and bytes as they are, errors with the place where they were logged, maps, lists and objects as
// compact JSON, anything else its usual text.
func format(value interface{}) (text string) {
	defer func() {
		if recover() != nil {
			text = fmt.Sprintf("%T", value)
		}
	}()
	switch known := value.(type) {
	case string:
		return known
	case []byte:
		return string(known)
	case error:
		// Errors of this language have no stack of their own.
		return describe(known, "openruntimes.(*Context).")
	case fmt.Stringer:
		return known.String()
	}
	switch reflect.ValueOf(value).Kind() {
	case reflect.Map, reflect.Slice, reflect.Array, reflect.Struct, reflect.Ptr:
		return toJSON(value)
	}
	return fmt.Sprint(value)
}

// describe gives the message of an error, or of what else one may panic with,
// and the stack from the caller of a function on.
func describe(value interface{}, callee string) string {
	return message(value) + "\n" + stack(callee)
}

func message(value interface{}) (text string) {
	defer func() {
		if recover() != nil {
			text = fmt.Sprintf("%T", value)
		}
	}()
	// The errors of some packages say more, when asked so.
	return fmt.Sprintf("%+v", value)
}

func toJSON(value interface{}) string {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(value) != nil {
		// What JSON cannot say, a channel or a cycle, may have no end in any other form either.
		return fmt.Sprintf("%T", value)
	}
	return strings.TrimSuffix(buffer.String(), "\n")
}

// stack is that of the present goroutine, from the caller of the function on whose name begins so.
func stack(callee string) string {
	lines := strings.Split(strings.TrimSpace(string(debug.Stack())), "\n")
	// After the goroutine's own line, each call has two: the function, and its place.
	for i := 1; i+2 < len(lines); i += 2 {
		if strings.Contains(lines[i], callee) {
			return strings.Join(lines[i+2:], "\n")
		}
	}
	return strings.Join(lines, "\n")
}
