-- Reads calls and writes answers and log records, as the front's inner contract has them (runtimes/agent/README.md).

local wire = {}

local requests = assert(io.open('/dev/fd/4', 'rb'))
local answers = assert(io.open('/dev/fd/5', 'wb'))
local records = assert(io.open('/dev/fd/3', 'wb'))
records:setvbuf 'no'

-- A function may change what files can do; the server keeps what they could.
local read, write, flush = requests.read, answers.write, answers.flush

--- The next message: method, target, headers by name, body, and its kind, the first header's name; nil at the end.
function wire.read()
  local line = read(requests, 'l')
  if not line then return nil end
  local method, target = line:match('^(%S+) (%S+)')
  local kind, headers = read(requests, 'l'):match('^[^:]+'), {}
  for name, value in function() return read(requests, 'l'):match('^([^:]+): (.-)\r$') end do headers[name] = value end
  local length = math.tointeger(tonumber(headers['content-length'])) or 0
  local body = length > 0 and read(requests, length) or ''
  return { kind = kind, method = method, target = target, headers = headers, body = body }
end

local function send(...)
  write(answers, ...)
  flush(answers)
end

local function escape(text)
  return (text:gsub('[%c%%:]', function(byte) return ('%%%02X'):format(byte:byte()) end))
end

local function head(status, framing, lines)
  local parts = { 'HTTP/1.1 ' .. escape(status), framing }
  for i, line in ipairs(lines) do parts[i + 2] = escape(line[1]) .. ': ' .. escape(line[2]) end
  return table.concat(parts, '\r\n') .. '\r\n\r\n'
end

--- `status` may be followed by a failure; `lines` are pairs of names and values.
function wire.answer(status, lines, body)
  send(head(status, 'content-length: ' .. #body, lines), body)
end

--- `next_piece` gives true and text, or nothing more to send; false if it failed.
function wire.stream(status, lines, next_piece)
  send(head(status, 'transfer-encoding: chunked', lines))
  while true do
    local ok, piece = next_piece()
    if not ok then return send 'failed\r\n' end
    if not piece then return send '0\r\n\r\n' end
    if piece ~= '' then send(('%x\r\n'):format(#piece), piece, '\r\n') end
  end
end

--- `kind`: `log` or `error`.
function wire.record(kind, text)
  write(records, ('%s - %d\n'):format(kind, #text) .. text .. '\n')
end

return wire
