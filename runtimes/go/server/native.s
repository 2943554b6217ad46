// Lets native.go declare a function that is implemented in the runtime.
