// What the environment says, read once when the server starts.

package server

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"strconv"
	"strings"
)

const (
	address       = ":3000"
	bodyLimit     = 20 * 1024 * 1024
	headerLimit   = 64 * 1024
	drainSeconds  = 10
	logsFolder    = "/mnt/logs"
	timingsFile   = "/mnt/telemetry/timings.txt"
	reservedStart = "x-open-runtimes-"
	usualMemory   = 512
	maxMemory     = 1 << 30
)

type config struct {
	secret          string
	authorization   string
	development     bool
	enforcedHeaders map[string]string
	memory          int // of the container, MiB
}

func readConfig() config {
	secret := os.Getenv("OPEN_RUNTIMES_SECRET")
	return config{
		secret:          secret,
		authorization:   "Basic " + base64.StdEncoding.EncodeToString([]byte("opr:"+secret)),
		development:     os.Getenv("OPEN_RUNTIMES_ENV") == "development",
		enforcedHeaders: enforcedHeaders(os.Getenv("OPEN_RUNTIMES_HEADERS")),
		memory:          memory(os.Getenv("OPEN_RUNTIMES_MEMORY")),
	}
}

func memory(megabytes string) int {
	number, err := strconv.ParseFloat(megabytes, 64)
	if err != nil || number <= 0 || number > maxMemory {
		return usualMemory
	}
	return int(number)
}

// enforcedHeaders are those that every request gets, whatever its caller sent.
func enforcedHeaders(text string) map[string]string {
	var members map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &members) != nil {
		return nil
	}
	headers := make(map[string]string, len(members))
	for name, value := range members {
		var decoded string
		if json.Unmarshal(value, &decoded) != nil || value[0] != '"' {
			decoded = string(value)
		}
		headers[strings.ToLower(name)] = decoded
	}
	return headers
}
