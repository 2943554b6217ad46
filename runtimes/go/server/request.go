// The context that a function is called with: its request, and where its messages go.

package server

import (
	"strconv"
	"strings"

	"github.com/open-runtimes/types-for-go/v4/openruntimes"
)

func newContext(incoming message) openruntimes.Context {
	context := openruntimes.NewContext(openruntimes.Logger{Sink: func(values []interface{}, kind string) {
		log(kind, incoming.about, values)
	}})
	context.Req = newRequest(incoming)
	return context
}

func newRequest(incoming message) openruntimes.ContextRequest {
	scheme, usualPort := incoming.headers["x-forwarded-proto"], 80
	if scheme == "" {
		scheme = "http"
	} else if scheme == "https" {
		usualPort = 443
	}
	host, port := hostAndPort(incoming.headers["host"], usualPort)
	path, queryString, _ := strings.Cut(incoming.target, "?")
	url := scheme + "://" + host
	if port != usualPort {
		url += ":" + strconv.Itoa(port)
	}
	url += path
	if queryString != "" {
		url += "?" + queryString
	}
	request := openruntimes.ContextRequest{
		Headers:     incoming.headers,
		Method:      strings.ToUpper(incoming.method),
		Url:         url,
		Path:        path,
		Port:        port,
		Scheme:      scheme,
		Host:        host,
		QueryString: queryString,
		Query:       parseQuery(queryString),
	}
	request.SetBodyBinary(incoming.body)
	return request
}

func hostAndPort(header string, usualPort int) (string, int) {
	colon := strings.LastIndexByte(header, ':')
	if colon == -1 || strings.HasSuffix(header, "]") {
		return header, usualPort
	}
	port, err := strconv.ParseUint(header[colon+1:], 10, 32)
	if err != nil {
		return header, usualPort
	}
	return header[:colon], int(port)
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
