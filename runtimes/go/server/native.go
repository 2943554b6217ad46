// Leads what a function prints natively to the logs of the request that it
// serves; all else goes to the container's own output.

package server

import (
	"context"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"syscall"
	"unsafe"
)

// Goroutines inherit labels from those that start them, so a label tells for each which request it works for.

//go:linkname labelsOfGoroutine runtime/pprof.runtime_getProfLabel
func labelsOfGoroutine() unsafe.Pointer

// The hooks in the standard library (toolchain/amend.sh), and one that the runtime has of its own for what it prints.

//go:linkname onOutput os.onOutput
var onOutput func(bytes []byte) bool

//go:linkname onPrint runtime.overrideWrite
var onPrint func(descriptor uintptr, bytes unsafe.Pointer, length int32) int32

// owner is a request that is being served, found by the labels of its goroutines.
type owner struct {
	labels unsafe.Pointer
	logger *logger
}

// owners can be read without waiting, since the runtime cannot wait while it prints: changing a bucket replaces it.
var owners [256]struct {
	mutex   sync.Mutex
	present atomic.Pointer[[]owner]
}

func captureNativeOutput() {
	onOutput = func(bytes []byte) bool {
		labels := labelsOfGoroutine()
		if labels == nil {
			return false
		}
		if logger := find(labels); logger != nil {
			logger.writeNative(bytes)
		}
		// Nobody reads the logs of a request that was answered.
		return true
	}
	onPrint = func(descriptor uintptr, bytes unsafe.Pointer, length int32) int32 {
		// All that the runtime writes comes here: also what wakes its poller, without which timers are late.
		if descriptor != 1 && descriptor != 2 {
			return writeThrough(descriptor, bytes, length)
		}
		labels := labelsOfGoroutine()
		if labels == nil {
			// The runtime's own last words among others, for which nothing may go wrong.
			return writeThrough(descriptor, bytes, length)
		}
		if logger := find(labels); logger != nil {
			logger.push(string(unsafe.Slice((*byte)(bytes), length)))
		}
		return length
	}
}

// writeThrough does and returns what the runtime itself would: the number of bytes, or the error's number below zero.
func writeThrough(descriptor uintptr, bytes unsafe.Pointer, length int32) int32 {
	written, _, failure := syscall.RawSyscall(syscall.SYS_WRITE, descriptor, uintptr(bytes), uintptr(length))
	if failure != 0 {
		return -int32(failure)
	}
	return int32(written)
}

// capture leads what this goroutine prints, and those that it starts, to a request's logs until release is called.
func capture(logger *logger) (release func()) {
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels("request", logger.id)))
	labels := labelsOfGoroutine()
	change(labels, func(others []owner) []owner { return append(others, owner{labels, logger}) })
	return func() {
		change(labels, func(others []owner) []owner { return others })
	}
}

// change replaces the bucket of some labels; with is given what is there of others.
func change(labels unsafe.Pointer, with func(others []owner) []owner) {
	bucket := &owners[bucketOf(labels)]
	bucket.mutex.Lock()
	defer bucket.mutex.Unlock()
	var others []owner
	if present := bucket.present.Load(); present != nil {
		for _, one := range *present {
			if one.labels != labels {
				others = append(others, one)
			}
		}
	}
	changed := with(others)
	bucket.present.Store(&changed)
}

func find(labels unsafe.Pointer) *logger {
	present := owners[bucketOf(labels)].present.Load()
	if present == nil {
		return nil
	}
	for _, one := range *present {
		if one.labels == labels {
			return one.logger
		}
	}
	return nil
}

// inFlight are the loggers of all requests that are being served.
func inFlight() []*logger {
	var loggers []*logger
	for i := range owners {
		if present := owners[i].present.Load(); present != nil {
			for _, one := range *present {
				loggers = append(loggers, one.logger)
			}
		}
	}
	return loggers
}

func bucketOf(labels unsafe.Pointer) uintptr {
	return uintptr(labels) >> 4 % uintptr(len(owners))
}

// tellOperator says something on the container's own output, whoever runs it.
func tellOperator(message string) {
	_, _ = syscall.Write(2, []byte(message+"\n"))
}
