// Package openruntimes is a fork of github.com/open-runtimes/types-for-go v4.0.8 (MIT, see LICENSE), with the same
// names for functions. It differs where the published one does otherwise than the contract: values are logged by the
// server, a map of headers that was passed in stays as it is, Body is JSON for every content type that begins so, and
// JSON that cannot be written is an error.
package openruntimes

import (
	"encoding/json"
	"errors"
	"runtime/debug"
	"strings"
)

const LOGGER_TYPE_LOG = "log"
const LOGGER_TYPE_ERROR = "error"

type Context struct {
	logger Logger

	Req ContextRequest
	Res ContextResponse
}

// Logger is where messages go: the server knows formats and files.
type Logger struct {
	Sink func(values []interface{}, kind string)
}

func NewContext(logger Logger) Context {
	return Context{logger: logger}
}

type Log struct {
	Message string
}

func (l Log) String() string {
	return l.Message
}

func (c *Context) Log(messages ...interface{}) {
	c.logger.Write(messages, LOGGER_TYPE_LOG)
}

func (c *Context) Error(messages ...interface{}) {
	c.logger.Write(messages, LOGGER_TYPE_ERROR)
}

func (l *Logger) Write(messages []interface{}, kind string) {
	if l.Sink != nil {
		l.Sink(messages, kind)
	}
}

type ContextRequest struct {
	bodyBinary  []byte
	Headers     map[string]string
	Method      string
	Url         string
	Path        string
	Port        int
	Scheme      string
	Host        string
	QueryString string
	Query       map[string]string
}

func (r *ContextRequest) SetBodyBinary(bytes []byte) {
	r.bodyBinary = bytes
}

func (r ContextRequest) BodyBinary() []byte {
	return r.bodyBinary
}

func (r ContextRequest) BodyText() string {
	return string(r.bodyBinary)
}

func (r ContextRequest) BodyRaw() string {
	return r.BodyText()
}

func (r ContextRequest) BodyJson(v any) error {
	if json.Unmarshal(r.bodyBinary, v) != nil {
		return errors.New("could not parse body into a JSON")
	}
	return nil
}

func (r ContextRequest) Body() interface{} {
	if !strings.HasPrefix(strings.ToLower(r.Headers["content-type"]), "application/json") {
		return r.BodyText()
	}
	var bodyJson interface{}
	if r.BodyJson(&bodyJson) != nil {
		return map[string]interface{}{}
	}
	return bodyJson
}

type Response struct {
	Body       []byte
	StatusCode int
	Headers    map[string]string

	problem string
}

func (r Response) New() *Response {
	return &r
}

// ProblemOf says why a response cannot be sent; empty for all others.
func ProblemOf(response Response) string {
	return response.problem
}

type ResponseOption func(*Response)

type ContextResponse struct{}

func (r ContextResponse) WithHeaders(headers map[string]string) ResponseOption {
	return func(o *Response) {
		o.Headers = headers
	}
}

func (r ContextResponse) WithStatusCode(statusCode int) ResponseOption {
	return func(o *Response) {
		o.StatusCode = statusCode
	}
}

func (r ContextResponse) Binary(bytes []byte, optionalSetters ...ResponseOption) Response {
	return respond(Response{Body: bytes, StatusCode: 200}, optionalSetters)
}

func (r ContextResponse) Send(body string, optionalSetters ...ResponseOption) Response {
	return r.Text(body, optionalSetters...)
}

func (r ContextResponse) Text(body string, optionalSetters ...ResponseOption) Response {
	return r.Binary([]byte(body), optionalSetters...)
}

func (r ContextResponse) Json(bodyStruct interface{}, optionalSetters ...ResponseOption) Response {
	body, err := json.Marshal(bodyStruct)
	if err != nil {
		return Response{problem: err.Error() + "\n" + string(debug.Stack())}
	}
	response := r.Binary(body, optionalSetters...)
	response.Headers["content-type"] = "application/json"
	return response
}

func (r ContextResponse) Empty() Response {
	return r.Text("", r.WithStatusCode(204))
}

func (r ContextResponse) Redirect(url string, optionalSetters ...ResponseOption) Response {
	response := respond(Response{Body: []byte{}, StatusCode: 301}, optionalSetters)
	response.Headers["location"] = url
	return response
}

// respond copies headers, for they are the function's own.
func respond(response Response, optionalSetters []ResponseOption) Response {
	for _, set := range optionalSetters {
		set(&response)
	}
	headers := make(map[string]string, len(response.Headers)+1)
	for name, value := range response.Headers {
		headers[name] = value
	}
	response.Headers = headers
	return response
}
