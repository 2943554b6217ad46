-- The server: listens, and takes each request through the steps of the contract.

package.path = '/usr/local/server/?.lua;' .. package.path
local cqueues = require 'cqueues'
local condition = require 'cqueues.condition'
local signal = require 'cqueues.signal'
local socket = require 'cqueues.socket'
local config = require 'src.config'
local Connection = require 'src.connection'
local Context = require 'src.context'
local loader = require 'src.loader'
local Logger = require 'src.logger'
local native = require 'src.native'
local Request = require 'src.request'
local response = require 'src.response'

local RETURN_MISSING = 'Return statement missing. return context.res.empty() if no response is expected.'
local TIMED_OUT = 'Execution timed out.'
local HOOK_INSTRUCTIONS = 1000000
local loop = cqueues.new()
local busy, stopping, changed = 0, false, condition.new()

local function text(status, body, log_id)
  local lines = { 'content-type: text/plain; charset=utf-8' }
  if log_id then lines[2] = 'x-open-runtimes-log-id: ' .. log_id end
  return status, lines, body
end

-- Takes the same time wherever the two differ.
local function same(expected, given)
  local difference, byte, length = #expected ~ #given, string.byte, #expected
  for i = 1, #given do difference = difference | (byte(given, i) ~ byte(expected, (i - 1) % length + 1)) end
  return difference == 0
end

local function read_timings()
  local file = io.open(config.timings_file)
  local timings = file and file:read('a') or ''
  if file then file:close() end
  return timings
end

local settle

-- Lets the user's code go on until it waits or ends; what it prints meanwhile is its request's.
local function proceed(thread, logger, deadline, ...)
  if cqueues.monotime() >= deadline then return false, TIMED_OUT end
  native.logger = logger
  return settle(thread, logger, deadline, native.resume(thread, ...))
end

-- What it came to. Where it waits, the coroutine of its connection waits for the same, but not beyond the deadline.
function settle(thread, logger, deadline, ok, result, ...)
  native.logger = nil
  local left = deadline - cqueues.monotime()
  if left <= 0 then return false, TIMED_OUT end
  if not ok then return false, debug.traceback(thread, result) end
  if coroutine.status(thread) == 'dead' then return true, result, ... end
  if result ~= cqueues._POLL then return false, debug.traceback(thread, 'attempt to yield from outside a coroutine') end
  return proceed(thread, logger, deadline, coroutine.yield(result, left, ...))
end

-- Calls what is the user's, in a coroutine of its own: true and its results, or false and what went wrong.
local function run(user, argument, logger, timeout)
  local thread, deadline = coroutine.create(user), cqueues.monotime() + (timeout or math.huge)
  -- Code that never waits is asked for the time by the interpreter.
  local function check() if cqueues.monotime() > deadline then error(TIMED_OUT, 0) end end
  if timeout then debug.sethook(thread, check, '', HOOK_INSTRUCTIONS) end
  return proceed(thread, logger, deadline, argument)
end

-- A stream's pieces; its logs are on disk before its end is sent.
local function streamed(next_piece, logger)
  return function()
    local ok, piece = run(next_piece, nil, logger)
    if not ok then error(piece, 0) end
    if piece == nil then logger:close() end
    return piece
  end
end

local function checked(output, logger)
  if type(output) ~= 'table' then return nil, RETURN_MISSING end
  local status = math.tointeger(tonumber(output.statusCode or 200))
  if not status or status < 200 or status > 599 then return nil, 'The status code must be between 200 and 599.' end
  local ok, lines = pcall(response.header_lines, output.headers or {}, logger.id)
  if not ok then return nil, lines end
  local body = type(output.body) == 'function' and output.body or tostring(output.body or '')
  return { status = status, lines = lines, body = body }
end

local function handle(connection)
  local headers, path = connection.headers, connection.path

  -- 1. Probe
  if path == '/__opr/health' then return connection:answer(text(200, 'OK')) end
  if path == '/__opr/timings' then return connection:answer(text(200, read_timings())) end

  -- 2. Authorize
  if config.secret ~= '' and not same(config.secret, headers['x-open-runtimes-secret'] or '') then
    return connection:answer(text(401, 'Unauthorized. Provide correct "x-open-runtimes-secret" header.', ''))
  end
  if path:sub(1, 12) == '/__opr/logs/' and connection.method == 'GET' then
    return connection:answer(200, { 'content-type: application/json; charset=utf-8' }, Logger.collect(path:sub(13)))
  end

  -- 3. Read the timeout
  local timeout = headers['x-open-runtimes-timeout']
  if timeout and not (timeout:match('^%d+$') and timeout:match('[1-9]')) then
    return connection:answer(text(500, 'Header "x-open-runtimes-timeout" must be an integer greater than 0.', ''))
  end

  -- 4. Open the logger
  local logger = Logger.new(headers['x-open-runtimes-logging'], headers['x-open-runtimes-log-id'])

  -- 5. Read the body
  local body = connection:read_body(config.body_limit)
  if not body then return connection:answer(text(413, 'Request body size exceeds 20MB limit.', logger.id)) end

  -- 6. Create the context
  local context = Context(Request(connection, body), logger)

  -- 7. Load the function
  local ok, handler, why = true, loader.loaded, nil
  if not handler then ok, handler, why = run(loader.load, nil, logger) end

  -- 8. Run the function
  local output = nil
  if handler then
    ok, output = run(handler, context, logger, tonumber(timeout))
    why = not ok and output or nil
  end

  -- 9. Check the output
  if not why then output, why = checked(output, logger) end
  if why then
    context.error(why)
    output = { status = handler and 500 or 503, lines = response.header_lines({}, logger.id), body = '' }
  end

  -- 10. Flush the logs
  local outgoing = output.body
  local whole = type(outgoing) == 'string' or connection.method == 'HEAD'
  if whole then logger:close() else outgoing = streamed(outgoing, logger) end

  -- 11. Write the response
  local sent, broken = pcall(connection.answer, connection, output.status, output.lines, outgoing)
  if not sent then context.error(broken) end
  logger:close()
  if not sent then error(broken, 0) end
end

local function serve(connection)
  repeat
    local head, why, status = connection:read_head()
    if head == nil then
      connection.keep = false
      connection:answer(text(status, why))
    end
    if not head then break end
    busy, connection.keep = busy + 1, connection.keep and not stopping
    local ok = pcall(handle, connection)
    busy = busy - 1
    if stopping then changed:signal() end
  until not ok or not connection.keep or stopping
  connection.socket:close()
end

local listener = assert(socket.listen { host = '0.0.0.0', port = 3000, reuseaddr = true, nodelay = true })
assert(listener:listen())
signal.block(signal.SIGTERM)
local terminated = signal.listen(signal.SIGTERM)
io.stdout:write('HTTP server successfully started!\n')
io.stdout:flush()
-- What the server needs itself is no module of the function's, and the function's come first.
for name in pairs(package.loaded) do if name:sub(1, 4) == 'src.' then package.loaded[name] = nil end end
local folder, others = config.function_folder, package.path:gsub('^[^;]*;', '')
package.path = folder .. '?.lua;' .. folder .. '?/init.lua;' .. others

loop:wrap(loader.load)
loop:wrap(function()
  for accepted in listener:clients() do loop:wrap(serve, Connection.new(accepted)) end
end)
loop:wrap(function()
  terminated:wait()
  stopping = true
  listener:close()
  local deadline = cqueues.monotime() + config.drain_seconds
  while busy > 0 and cqueues.monotime() < deadline do cqueues.poll(changed, deadline - cqueues.monotime()) end
  native.exit(0)
end)
for why in loop:errors() do io.stderr:write(tostring(why), '\n') end
native.exit(1)
