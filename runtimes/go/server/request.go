// The request that a function sees.

package server

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/open-runtimes/types-for-go/v4/openruntimes"
)

// readHeaders returns the headers of a message, names in lower case, repeated ones joined.
func readHeaders(incoming *http.Request) map[string]string {
	headers := make(map[string]string, len(incoming.Header)+2)
	for name, values := range incoming.Header {
		lower := strings.ToLower(name)
		switch {
		case len(values) == 1:
			headers[lower] = values[0]
		case lower == "cookie":
			headers[lower] = strings.Join(values, "; ")
		default:
			headers[lower] = strings.Join(values, ", ")
		}
	}
	// The standard library keeps these two apart from the others.
	if incoming.Host != "" {
		headers["host"] = incoming.Host
	}
	if len(incoming.TransferEncoding) > 0 {
		headers["transfer-encoding"] = strings.Join(incoming.TransferEncoding, ", ")
	}
	return headers
}

// newRequest takes the headers over.
func newRequest(
	settings config, incoming *http.Request, headers map[string]string, body []byte,
) openruntimes.ContextRequest {
	scheme := headers["x-forwarded-proto"]
	if scheme == "" {
		scheme = "http"
	}
	defaultPort := 80
	if scheme == "https" {
		defaultPort = 443
	}
	host, port := hostAndPort(headers["host"], defaultPort)
	path, queryString, _ := strings.Cut(incoming.RequestURI, "?")
	url := scheme + "://" + host
	if port != defaultPort {
		url += ":" + strconv.Itoa(port)
	}
	url += path
	if queryString != "" {
		url += "?" + queryString
	}
	request := openruntimes.ContextRequest{
		Headers:     visibleHeaders(settings, headers),
		Method:      strings.ToUpper(incoming.Method),
		Url:         url,
		Path:        path,
		Port:        port,
		Scheme:      scheme,
		Host:        host,
		QueryString: queryString,
		Query:       parseQuery(queryString),
	}
	request.SetBodyBinary(body)
	return request
}

func hostAndPort(header string, defaultPort int) (string, int) {
	colon := strings.LastIndexByte(header, ':')
	if colon == -1 || strings.HasSuffix(header, "]") {
		return header, defaultPort
	}
	port, err := strconv.ParseUint(header[colon+1:], 10, 32)
	if err != nil {
		return header, defaultPort
	}
	return header[:colon], int(port)
}

func visibleHeaders(settings config, headers map[string]string) map[string]string {
	for name := range headers {
		if strings.HasPrefix(name, reservedStart) {
			delete(headers, name)
		}
	}
	if headers["authorization"] == settings.authorization {
		delete(headers, "authorization")
	}
	for name, value := range settings.enforcedHeaders {
		headers[name] = value
	}
	return headers
}

func parseQuery(queryString string) map[string]string {
	query := map[string]string{}
	for queryString != "" {
		var part string
		part, queryString, _ = strings.Cut(queryString, "&")
		if name, value, _ := strings.Cut(part, "="); name != "" {
			query[name] = value
		}
	}
	return query
}
