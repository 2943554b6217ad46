// What goes over a connection: messages of the front, and answers to them.

package server

import (
	"bufio"
	"io"
	"strconv"
	"strings"

	"github.com/open-runtimes/types-for-go/v4/openruntimes"
)

const digits = "0123456789abcdef"

// message has its first header, which says what it is, apart from all others.
type message struct {
	method, target string
	first, about   string
	headers        map[string]string
	body           []byte
}

// readMessage relies on what the front promises. It fails when the front has left.
func readMessage(reader *bufio.Reader) (incoming message, err error) {
	line, err := reader.ReadString('\n')
	incoming.method, line, _ = strings.Cut(line, " ")
	incoming.target, _, _ = strings.Cut(line, " ")
	incoming.headers = make(map[string]string, 16)
	for err == nil {
		if line, err = reader.ReadString('\n'); len(line) <= len("\r\n") {
			break
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\r\n"), ": ")
		if incoming.first == "" {
			incoming.first, incoming.about = name, value
		} else {
			incoming.headers[name] = value
		}
	}
	if length, _ := strconv.Atoi(incoming.headers["content-length"]); err == nil && length > 0 {
		incoming.body = make([]byte, length)
		_, err = io.ReadFull(reader, incoming.body)
	}
	return incoming, err
}

// answerOf writes what the function gave; what cannot be sent of it is the front's to say.
func answerOf(response openruntimes.Response) []byte {
	status := response.StatusCode
	if status == 0 {
		status = 200
	}
	var lines []byte
	// The types set it in lower case, also beside another spelling of the function's own, and the first one counts.
	if value, given := response.Headers["content-type"]; given {
		lines = appendHeader(lines, "content-type", value)
	}
	for name, value := range response.Headers {
		switch {
		case strings.EqualFold(name, "set-cookie"):
			for _, cookie := range strings.Split(value, "\n") {
				lines = appendHeader(lines, name, strings.TrimSuffix(cookie, "\r"))
			}
		case name != "content-type":
			lines = appendHeader(lines, name, value)
		}
	}
	return answerWith(strconv.Itoa(status), lines, response.Body)
}

func answerWith(status string, lines, body []byte) []byte {
	answer := make([]byte, 0, len(lines)+len(body)+64)
	answer = append(answer, "HTTP/1.1 "+status+"\r\ncontent-length: "...)
	answer = strconv.AppendInt(answer, int64(len(body)), 10)
	answer = append(append(answer, "\r\n"...), lines...)
	return append(append(answer, "\r\n"...), body...)
}

func appendHeader(lines []byte, name, value string) []byte {
	lines = append(appendEscaped(lines, name), ": "...)
	return append(appendEscaped(lines, value), "\r\n"...)
}

func appendEscaped(lines []byte, text string) []byte {
	for i := 0; i < len(text); i++ {
		if letter := text[i]; letter < ' ' || letter == 0x7f || letter == '%' || letter == ':' {
			lines = append(lines, '%', digits[letter>>4], digits[letter&15])
		} else {
			lines = append(lines, letter)
		}
	}
	return lines
}
