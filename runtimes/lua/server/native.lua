-- What a function finds in the standard library in place of the original:
-- output that goes to its request's logs, coroutines that can wait.

local auxlib = require 'cqueues.auxlib'

-- `logger` is that of the request whose code runs now; nil while none of a function's does.
local native = { logger = nil, exit = os.exit, resume = coroutine.resume }

local methods = getmetatable(io.stdout).__index
local write = methods.write

function methods.write(file, ...)
  local logger = (file == io.stdout or file == io.stderr) and native.logger
  if not logger then return write(file, ...) end
  logger:native(table.concat { ... })
  return file
end

function io.write(...) return io.output():write(...) end

function print(...)
  local values = table.pack(...)
  for i = 1, values.n do values[i] = tostring(values[i]) end
  io.stdout:write(table.concat(values, '\t') .. '\n')
end

coroutine.resume, coroutine.wrap = auxlib.resume, auxlib.wrap

--- A function that ends the process must not look like a server that was told to stop.
function os.exit(code)
  if native.logger then native.logger:close() end
  native.exit(math.type(code) == 'integer' and code ~= 0 and code or 1)
end

return native
