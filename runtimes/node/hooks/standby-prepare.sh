# The heap of a server that waits for its function follows the memory as well. Sourced.

run_hook start-prepare
