# How Go is run in this image: by itself, from its own caches, for programs that need nothing of the system. Sourced.

# The toolchain of this image is the version that was asked for. A go.work is about other modules than the function's.
export GOTOOLCHAIN=local GOWORK=off CGO_ENABLED="${CGO_ENABLED:-0}"
# Modules that the user's files do not name yet are added; the cache stays one that can be deleted.
export GOFLAGS="-mod=mod -modcacherw -buildvcs=false -trimpath"
