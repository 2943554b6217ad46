-- The server: one process, one call at a time, as the front sends them.

package.path = '/usr/local/server/?.lua;' .. package.path
local Context = require 'src.context'
local load_function = require 'src.loader'
local logger = require 'src.logger'
local response = require 'src.response'
local wire = require 'src.wire'

local RETURN_MISSING = 'Return statement missing. return context.res.empty() if no response is expected.'

-- Whatever ends the process, what was printed stays.
io.stdout:setvbuf 'no'
-- What the server needs itself is no module of the function's.
for name in pairs(package.loaded) do if name:sub(1, 4) == 'src.' then package.loaded[name] = nil end end
package.path = package.path:gsub('^[^;]*;', '')

-- Runs what is the user's. A hook that it leaves behind must not meet the server's code.
local function run(user, ...)
  local ok, result = xpcall(user, logger.trace, ...)
  debug.sethook()
  return ok, result
end

local function fail(why, status)
  logger.error(why)
  wire.answer(status, {}, '')
end

local function call(main, message)
  -- 6. Create the context
  local context = Context(message)
  -- 8. Run the function
  local ok, output = run(main, context)
  -- 9. Check the output
  if not ok then return fail(output, '500 error') end
  if type(output) ~= 'table' then return fail(RETURN_MISSING, '500 error') end
  local sendable, status, lines, body = pcall(response.parts, output)
  if not sendable then return fail(status, '500 error') end
  -- 11. Write the response
  if type(body) == 'string' then return wire.answer(status, lines, body) end
  wire.stream(status, lines, function()
    local fine, piece = run(function()
      local piece = body()
      return piece ~= nil and tostring(piece)
    end)
    if not fine then logger.error(piece) end
    return fine, piece
  end)
end

local main
for message in wire.read do
  if message.kind == 'x-open-runtimes-call' then
    call(main, message)
  else
    -- 7. Load the function
    local why
    main, why = load_function()
    if main then wire.answer('200', {}, '') else fail(why, '503 load') end
  end
end
