// The log files on disk: their ids, and how they are appended to and collected.

package server

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
)

const (
	logsFile     = "logs"
	errorsFile   = "errors"
	idLength     = 64
	idCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
)

// Ids are a random part of this process and a counter: unique, and much cheaper than random bytes for each request.
var (
	processPart string
	counter     uint32
)

func init() {
	var random [10]byte
	if _, err := rand.Read(random[:]); err != nil {
		panic(err)
	}
	processPart = hex.EncodeToString(random[:6])
	counter = binary.BigEndian.Uint32(random[6:])
}

// isID tells what may be part of a file's name. The package for regular expressions would be 4 % of every artifact.
func isID(text string) bool {
	return text != "" && len(text) <= idLength && strings.Trim(text, idCharacters) == ""
}

func generateID(settings config) string {
	if settings.development {
		return "dev"
	}
	return fmt.Sprintf("%s%08x", processPart, atomic.AddUint32(&counter, 1))
}

// logFile is opened by the first line that is written to it.
type logFile struct {
	path string
	file *os.File
	lost bool
}

// append writes a line. Logs that cannot be written are lost, not the request; the operator is told once.
func (l *logFile) append(line string) {
	if l.lost {
		return
	}
	var err error
	if l.file == nil {
		l.file, err = os.OpenFile(l.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	}
	if err == nil {
		_, err = l.file.WriteString(line)
	}
	if err != nil {
		l.lost = true
		tellOperator(fmt.Sprintf("A log cannot be written: %v", err))
	}
}

func (l *logFile) close() {
	if l.file != nil {
		l.file.Close()
		l.file = nil
	}
}

// collectLogs reads and deletes the files of an id: the answer of the path for log collection.
func collectLogs(id string) []byte {
	take := func(kind string) string {
		if !isID(id) {
			return ""
		}
		text, err := os.ReadFile(pathOf(id, kind))
		if err == nil {
			os.Remove(pathOf(id, kind))
		}
		return string(text)
	}
	collected, _ := json.Marshal(map[string]string{"logs": take(logsFile), "errors": take(errorsFile)})
	return collected
}

func pathOf(id string, kind string) string {
	return logsFolder + "/" + id + "_" + kind + ".log"
}
