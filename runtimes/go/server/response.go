// What a function answers with, and how that reads on the wire.

package server

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/open-runtimes/types-for-go/v4/openruntimes"
)

const plainText = "text/plain; charset=utf-8"

// framing belongs to the server: what the function says of it could disagree with the body.
var framing = map[string]bool{"content-length": true, "transfer-encoding": true, "connection": true, "keep-alive": true}

// answer is a response as it goes out.
type answer struct {
	status  int
	headers http.Header
	body    []byte
}

func newAnswer(status int, contentType string, body []byte) answer {
	return answer{status: status, headers: http.Header{"content-type": {contentType}}, body: body}
}

// toAnswer says what is wrong with a response that cannot be sent.
func toAnswer(response openruntimes.Response) (answer, error) {
	status := response.StatusCode
	if status == 0 {
		status = http.StatusOK
	}
	if status < 200 || status > 999 {
		return answer{}, fmt.Errorf("invalid status code: %d", status)
	}
	outgoing := newAnswer(status, "text/plain", response.Body)
	for name, value := range response.Headers {
		if err := outgoing.add(name, value); err != nil {
			return answer{}, err
		}
	}
	// The types set it in lower case, also beside another spelling of the function's own.
	if contentType, given := response.Headers["content-type"]; given {
		outgoing.headers["content-type"] = []string{contentType}
	}
	outgoing.headers["content-type"] = []string{withCharset(outgoing.headers["content-type"][0])}
	return outgoing, nil
}

// add takes a header of the function's. A value with line breaks is a list of values.
func (outgoing answer) add(name string, value string) error {
	lower := strings.ToLower(name)
	if !isToken(lower) {
		return fmt.Errorf("invalid header name: %q", name)
	}
	if strings.HasPrefix(lower, reservedStart) || framing[lower] {
		return nil
	}
	var items []string
	for _, item := range strings.Split(value, "\n") {
		item = strings.TrimSuffix(item, "\r")
		if strings.ContainsAny(item, "\r\x00") {
			return fmt.Errorf("invalid value of header %s: %q", lower, value)
		}
		items = append(items, item)
	}
	if lower == "content-type" {
		items = items[len(items)-1:]
		outgoing.headers[lower] = items
	} else {
		outgoing.headers[lower] = append(outgoing.headers[lower], items...)
	}
	return nil
}

func isToken(name string) bool {
	for i := 0; i < len(name); i++ {
		letter := name[i]
		if letter <= ' ' || letter >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, letter) >= 0 {
			return false
		}
	}
	return name != ""
}

func withCharset(contentType string) string {
	media, parameters, hasParameters := strings.Cut(contentType, ";")
	whole := strings.ToLower(media)
	if hasParameters {
		whole += ";" + parameters
	}
	if strings.HasPrefix(whole, "multipart/") || strings.Contains(strings.ToLower(whole), "charset=") {
		return whole
	}
	return whole + "; charset=utf-8"
}

// send writes an answer. A header set to nothing keeps the standard library from adding one of its own.
func (outgoing answer) send(writer http.ResponseWriter) {
	headers := writer.Header()
	for name, values := range outgoing.headers {
		headers[name] = values
	}
	headers["Content-Type"] = nil
	if _, given := headers["date"]; given {
		headers["Date"] = nil
	}
	if outgoing.status != http.StatusNoContent && outgoing.status != http.StatusNotModified {
		headers["Content-Length"] = []string{strconv.Itoa(len(outgoing.body))}
	}
	writer.WriteHeader(outgoing.status)
	// A caller that has gone is not to be told.
	_, _ = writer.Write(outgoing.body)
}
