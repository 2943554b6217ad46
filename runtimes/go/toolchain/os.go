// What the server of a function asks of this package: to see what is written to stdout and stderr, and every exit.

package os

import _ "unsafe" // for linkname, by which the server reaches the two variables

// onOutput takes what is written to a descriptor, or returns false to have it written.
//
//go:linkname onOutput
var onOutput func(bytes []byte) bool

// onExit returns the exit code to use instead.
//
//go:linkname onExit
var onExit func(code int) int

func isTaken(file *File, bytes []byte) bool {
	if onOutput == nil || file == nil || file.file == nil {
		return false
	}
	return (file.pfd.Sysfd == 1 || file.pfd.Sysfd == 2) && onOutput(bytes)
}

func settleExit(code int) int {
	if onExit == nil {
		return code
	}
	return onExit(code)
}
