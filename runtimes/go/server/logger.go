// The log of one request: what the function says through its context, and what it prints natively.

package server

import (
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

const (
	messageLimit   = 8_000
	truncated      = "... Log truncated due to size limit (8000 characters)"
	nativeDetected = "Native logs detected. Use context.log() or context.error() for better experience."
)

// logger has each message in its file when the call that writes it returns: whatever ends the process, it stays.
type logger struct {
	id         string // empty when logging is off
	mutex      sync.Mutex
	open       bool
	nativeSeen bool
	nativeLine []byte
	logs       logFile
	errors     logFile
	// What the runtime printed, which may not wait for the mutex; the last piece first.
	printed atomic.Pointer[piece]
}

type piece struct {
	text   string
	before *piece
}

func newLogger(settings config, logging string, id string) *logger {
	if logging != "" && logging != "enabled" {
		return &logger{}
	}
	if !isID(id) {
		id = generateID(settings)
	}
	return &logger{
		id:     id,
		open:   true,
		logs:   logFile{path: pathOf(id, logsFile)},
		errors: logFile{path: pathOf(id, errorsFile)},
	}
}

// write adds one message to the file of logs or to that of errors.
func (l *logger) write(kind string, values ...interface{}) {
	// Before the mutex, since values may run code of the function, which may log.
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = format(value)
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.open {
		l.endNative()
		l.add(kind, strings.Join(texts, " "))
	}
}

// writeNative takes what the function printed instead of logging it; lines may come in pieces.
func (l *logger) writeNative(text []byte) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.open {
		l.takePrinted()
		l.addNative(text)
	}
}

// push keeps what the runtime printed for later. Nothing in it waits, which the runtime could not bear.
func (l *logger) push(text string) {
	next := &piece{text: text}
	for {
		next.before = l.printed.Load()
		if l.printed.CompareAndSwap(next.before, next) {
			return
		}
	}
}

// flush ends the line that the function has begun to print.
func (l *logger) flush() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.open {
		l.endNative()
	}
}

// close flushes; what is written from now on never appears.
func (l *logger) close() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.open {
		l.endNative()
		l.logs.close()
		l.errors.close()
		l.open = false
	}
}

func (l *logger) add(kind string, message string) {
	file := &l.logs
	if kind == errorsFile {
		file = &l.errors
	}
	file.append(truncate(message) + "\n")
}

func (l *logger) addNative(text []byte) {
	l.nativeLine = append(l.nativeLine, text...)
	for {
		line, rest, ended := strings.Cut(string(l.nativeLine), "\n")
		// A line without an end must not grow for ever.
		if !ended && len(line) <= utf8.UTFMax*messageLimit {
			return
		}
		l.addNativeLine(line)
		l.nativeLine = append(l.nativeLine[:0], rest...)
	}
}

func (l *logger) addNativeLine(line string) {
	if !l.nativeSeen {
		l.nativeSeen = true
		l.add(logsFile, nativeDetected)
	}
	l.add(logsFile, line)
}

func (l *logger) endNative() {
	l.takePrinted()
	if len(l.nativeLine) > 0 {
		line := string(l.nativeLine)
		l.nativeLine = l.nativeLine[:0]
		l.addNativeLine(line)
	}
}

func (l *logger) takePrinted() {
	if l.printed.Load() == nil {
		return
	}
	var text string
	for last := l.printed.Swap(nil); last != nil; last = last.before {
		text = last.text + text
	}
	l.addNative([]byte(text))
}

// truncate counts characters, so that none is cut in half.
func truncate(message string) string {
	if len(message) <= messageLimit {
		return message
	}
	count := 0
	for i := range message {
		if count == messageLimit {
			return message[:i] + truncated
		}
		count++
	}
	return message
}
