package handler

import "github.com/open-runtimes/types-for-go/v4/openruntimes"

func Main(Context openruntimes.Context) openruntimes.Response {
	Context.Log(Context.Req.Method + " " + Context.Req.Path)

	return Context.Res.Json(map[string]any{
		"message": "Hello from Go!",
		"method":  Context.Req.Method,
		"path":    Context.Req.Path,
		"query":   Context.Req.Query,
	})
}
