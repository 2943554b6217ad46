// Log records for the front, and the text of logged values. Nothing in here panics, whatever those do.

package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"unsafe"
)

const recordsPipe = 3

type entry struct {
	bytes  []byte
	before *entry
}

var (
	last    atomic.Pointer[entry] // of those that nobody has written yet
	writing sync.Mutex
)

// record has written it when it returns, and all that was added before.
func record(kind, id, text string) {
	add(kind, id, text)
	writeAll()
}

// add waits for nobody.
func add(kind, id, text string) {
	next := &entry{bytes: []byte(kind + " " + id + " " + strconv.Itoa(len(text)) + "\n" + text + "\n")}
	for next.before = last.Load(); !last.CompareAndSwap(next.before, next); {
		next.before = last.Load()
	}
}

func writeAll() {
	writing.Lock()
	writeAdded()
	writing.Unlock()
	writeIfIdle()
}

// writeIfIdle leaves what was added to whoever is writing: they come here after that.
func writeIfIdle() {
	for last.Load() != nil && writing.TryLock() {
		writeAdded()
		writing.Unlock()
	}
}

// writeAdded lets nothing else run in its place, which the runtime could not bear when it has printed.
func writeAdded() {
	var first *entry
	for one := last.Swap(nil); one != nil; {
		first, one, one.before = one, one.before, first
	}
	for ; first != nil; first = first.before {
		for rest := first.bytes; len(rest) > 0; {
			written := write(recordsPipe, unsafe.Pointer(&rest[0]), int32(len(rest)))
			if written < 0 && written != -int32(syscall.EINTR) {
				break // nobody reads any more
			} else if written > 0 {
				rest = rest[written:]
			}
		}
	}
}

func log(kind, id string, values []interface{}) {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = format(value)
	}
	record(kind, id, strings.Join(texts, " "))
}

// format gives strings and bytes as they are, errors with the place where they were logged, maps, lists and objects as
// compact JSON, anything else its usual text.
func format(value interface{}) (text string) {
	defer typeInstead(value, &text)
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
		var buffer bytes.Buffer
		encoder := json.NewEncoder(&buffer)
		encoder.SetEscapeHTML(false)
		if encoder.Encode(value) != nil {
			// What JSON cannot say, a channel or a cycle, may have no end in any other form either.
			return fmt.Sprintf("%T", value)
		}
		return strings.TrimSuffix(buffer.String(), "\n")
	}
	return fmt.Sprint(value)
}

func typeInstead(value interface{}, text *string) {
	if recover() != nil {
		*text = fmt.Sprintf("%T", value)
	}
}

// describe gives the message of an error, or of what else one may panic with, and the stack from the caller of a
// function on.
func describe(value interface{}, callee string) (text string) {
	lines := strings.Split(strings.TrimSpace(string(debug.Stack())), "\n")
	defer func() { text += "\n" + strings.Join(lines, "\n") }()
	defer typeInstead(value, &text)
	// After the goroutine's own line, each call has two: the function, and its place.
	for i := 1; i+2 < len(lines); i += 2 {
		if strings.Contains(lines[i], callee) {
			lines = lines[i+2:]
			break
		}
	}
	// The errors of some packages say more, when asked so.
	return fmt.Sprintf("%+v", value)
}
