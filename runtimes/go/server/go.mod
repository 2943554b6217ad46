module openruntimes/server

go 1.19

require github.com/open-runtimes/types-for-go/v4 v4.0.8

// Where it lies here and in the image; functions are compiled with the same replacement.
replace github.com/open-runtimes/types-for-go/v4 => ../types
