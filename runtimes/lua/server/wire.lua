-- Reads calls and writes answers and log records, as the front's inner contract has them (runtimes/agent/README.md).

local wire = {}

local requests = assert(io.open('/dev/fd/4', 'rb'))
local answers = assert(io.open('/dev/fd/5', 'wb'))
local records = assert(io.open('/dev/fd/3', 'wb'))
records:setvbuf 'no'

local read, write, flush, write_record = requests.read, answers.write, answers.flush, records.write

--- The next message: method, target, headers by name, body, and what its first header says; nil at the end.
function wire.read()
  local line = read(requests, 'l')
  if not line then return nil end
  local method, target = line:match('^(%S+) (%S+)')
  local headers, control = {}, nil
  while true do
    local name, value = read(requests, 'l'):match('^([^:]+): (.-)\r$')
    if not name then break end
    if control then headers[name] = value else control = { name = name, value = value } end
  end
  local length = math.tointeger(headers['content-length']) or 0
  local body = length > 0 and read(requests, length) or ''
  return { method = method, target = target, headers = headers, body = body, control = control }
end

local function escape(text)
  return (text:gsub('[%c%%:]', function(byte) return ('%%%02X'):format(byte:byte()) end))
end

local function head(status, framing, lines)
  local parts = { 'HTTP/1.1 ', status, '\r\n', framing, '\r\n' }
  for _, line in ipairs(lines) do
    parts[#parts + 1] = escape(line[1]) .. ': ' .. escape(line[2]) .. '\r\n'
  end
  parts[#parts + 1] = '\r\n'
  return table.concat(parts)
end

--- `lines`: pairs of names and values.
function wire.answer(status, lines, body)
  write(answers, head(escape(status), 'content-length: ' .. #body, lines), body)
  flush(answers)
end

--- `failure`: `error` or `load`.
function wire.fail(status, failure)
  write(answers, 'HTTP/1.1 ', status, ' ', failure, '\r\ncontent-length: 0\r\n\r\n')
  flush(answers)
end

--- `next_piece` gives text until it gives nil; true if it never raised.
function wire.stream(status, lines, next_piece)
  write(answers, head(escape(status), 'transfer-encoding: chunked', lines))
  flush(answers)
  while true do
    local ok, piece = next_piece()
    if not ok then write(answers, 'failed\r\n') flush(answers) return end
    if piece == nil then break end
    piece = tostring(piece)
    if piece ~= '' then write(answers, ('%x\r\n'):format(#piece), piece, '\r\n') flush(answers) end
  end
  write(answers, '0\r\n\r\n')
  flush(answers)
end

--- `kind`: `log`, `error` or `native`.
function wire.record(kind, text)
  write_record(records, ('%s - %d\n'):format(kind, #text) .. text .. '\n')
end

return wire
