-- Native output: whose request a line belongs to is known by the coroutine that prints it.

local native = { loggers = setmetatable({}, { __mode = 'k' }) }

local running, create, resume = coroutine.running, coroutine.create, coroutine.resume
local methods = getmetatable(io.stdout).__index
local write, exit = methods.write, os.exit

local function current() return native.loggers[(running())] end

function methods.write(file, ...)
  local logger = (file == io.stdout or file == io.stderr) and current()
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

--- Coroutines of a function speak for its request too.
function coroutine.create(body)
  local thread = create(body)
  native.loggers[thread] = current()
  return thread
end

function coroutine.wrap(body)
  local thread = coroutine.create(body)
  local function pass(ok, ...) return ok and ... or not ok and error((...), 0) or ... end
  return function(...) return pass(resume(thread, ...)) end
end

--- A function that ends the process must not look like a server that was told to stop.
function os.exit(code)
  local logger = current()
  if logger then logger:close() end
  exit(math.type(code) == 'integer' and code ~= 0 and code or 1)
end

native.exit = exit
return native
