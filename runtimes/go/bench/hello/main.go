// The function that answers as the bare server does.

package handler

import "github.com/open-runtimes/types-for-go/v4/openruntimes"

func Main(Context openruntimes.Context) openruntimes.Response {
	return Context.Res.Json(map[string]string{"message": "Hello!"})
}
