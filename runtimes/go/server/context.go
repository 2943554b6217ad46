// What a function is called with.

package server

import "github.com/open-runtimes/types-for-go/v4/openruntimes"

func newContext(request openruntimes.ContextRequest, logger *logger) openruntimes.Context {
	context := openruntimes.NewContext(openruntimes.Logger{
		Enabled: logger.id != "",
		Id:      logger.id,
		Sink: func(values []interface{}, kind string) {
			if kind == openruntimes.LOGGER_TYPE_ERROR {
				logger.write(errorsFile, values...)
			} else {
				logger.write(logsFile, values...)
			}
		},
	})
	context.Req = request
	return context
}
