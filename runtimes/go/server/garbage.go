// How often garbage is collected.

package server

const (
	// The part of the container's memory that may be garbage, and its bounds, so
	// that it counts for little in containers of any size.
	garbageShare = 32
	garbageLimit = 16 // MiB
	mebibyte     = 1 << 20
)

// ballast counts as heap, but takes no memory, since nothing ever touches it.
var ballast []byte

// collectLater makes collections rarer. Without it there is one each time the heap has doubled from a few megabytes,
// which with a small function is dozens of times a second. The room for garbage grows by a fixed amount, however large
// a function's own heap is.
func collectLater(megabytes int) {
	room := megabytes / garbageShare
	if room > garbageLimit {
		room = garbageLimit
	}
	ballast = make([]byte, room*mebibyte)
}
