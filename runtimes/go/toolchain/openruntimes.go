// What the amendments of this package need (amend.sh).

package openruntimes

import "strings"

// Sink takes the values of one message; kind is LOGGER_TYPE_LOG or LOGGER_TYPE_ERROR.
type Sink func(values []interface{}, kind string)

func copyOf(headers map[string]string) map[string]string {
	copied := make(map[string]string, len(headers)+1)
	for name, value := range headers {
		copied[name] = value
	}
	return copied
}

func isJson(contentType string) bool {
	return strings.HasPrefix(strings.ToLower(contentType), "application/json")
}
