// The least that answers a JSON hello with this language's own HTTP server.

package main

import (
	"encoding/json"
	"net/http"
)

func main() {
	http.HandleFunc("/", func(response http.ResponseWriter, request *http.Request) {
		body, _ := json.Marshal(map[string]string{"message": "Hello!"})
		response.Header().Set("Content-Type", "application/json; charset=utf-8")
		response.Write(body)
	})
	panic(http.ListenAndServe(":3000", nil))
}
