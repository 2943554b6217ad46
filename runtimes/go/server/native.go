// What a function prints natively, led to the records of the call that prints it; all else is the container's own.

package server

import (
	"context"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"syscall"
	"unsafe"
)

// Goroutines inherit labels from those that start them, so a label tells for each which call it works for.

//go:linkname labelsOfGoroutine runtime/pprof.runtime_getProfLabel
func labelsOfGoroutine() unsafe.Pointer

// A hook in the standard library (toolchain/os.go), and one that the runtime has of its own for what it prints.

//go:linkname onOutput os.onOutput
var onOutput func(bytes []byte) bool

//go:linkname onPrint runtime.overrideWrite
var onPrint func(descriptor uintptr, bytes unsafe.Pointer, length int32) int32

type call struct {
	id     string
	labels unsafe.Pointer
	next   atomic.Pointer[call]
}

// calls are those under way. Who reads them never waits, since the runtime cannot wait while it prints.
var calls [256]struct {
	mutex sync.Mutex
	first atomic.Pointer[call]
}

func captureNativeOutput() {
	onOutput = func(bytes []byte) bool {
		call := find(labelsOfGoroutine())
		if call != nil {
			record("native", call.id, string(bytes))
		}
		return call != nil
	}
	onPrint = func(descriptor uintptr, bytes unsafe.Pointer, length int32) int32 {
		// All that the runtime writes comes here: also what wakes its poller, without which timers are late.
		if descriptor == 1 || descriptor == 2 {
			if call := find(labelsOfGoroutine()); call != nil {
				add("native", call.id, string(unsafe.Slice((*byte)(bytes), length)))
				writeIfIdle()
				return length
			}
		}
		return write(descriptor, bytes, length)
	}
}

// write does and returns what the runtime itself would: the number of bytes, or the error's number below zero.
func write(descriptor uintptr, bytes unsafe.Pointer, length int32) int32 {
	written, _, failure := syscall.RawSyscall(syscall.SYS_WRITE, descriptor, uintptr(bytes), uintptr(length))
	if failure != 0 {
		return -int32(failure)
	}
	return int32(written)
}

// capture leads what this goroutine prints, and those that it starts, to a call's records until release is called.
func capture(id string) (release func()) {
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels("call", id)))
	begun := &call{id: id, labels: labelsOfGoroutine()}
	bucket := &calls[bucketOf(begun.labels)]
	bucket.mutex.Lock()
	defer bucket.mutex.Unlock()
	begun.next.Store(bucket.first.Load())
	bucket.first.Store(begun)
	return func() {
		bucket.mutex.Lock()
		defer bucket.mutex.Unlock()
		place := &bucket.first
		for place.Load() != begun {
			place = &place.Load().next
		}
		place.Store(begun.next.Load())
	}
}

func find(labels unsafe.Pointer) *call {
	one := calls[bucketOf(labels)].first.Load()
	for one != nil && one.labels != labels {
		one = one.next.Load()
	}
	return one
}

func bucketOf(labels unsafe.Pointer) uintptr {
	return uintptr(labels) >> 4 % uintptr(len(calls))
}
