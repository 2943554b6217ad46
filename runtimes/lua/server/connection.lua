-- HTTP/1.1 on one socket: reads requests, writes answers.

local HEAD_LIMIT = 65536
local LINE_LIMIT = 8192
local TOKEN = "([%w!#$%%&'*+.^_`|~-]+)"
local REQUEST_LINE = '^' .. TOKEN .. ' ([^%s%c?]+)%??([^%s%c]*) HTTP/(1%.[01])\r\n()'
local HEADER_LINE = '^' .. TOKEN .. ':[ \t]*([^\r\n\0]-)[ \t]*\r\n()'

local Connection = {}
Connection.__index = Connection

function Connection.new(socket)
  socket:setmode('b', 'bn')
  socket:setmaxline(LINE_LIMIT)
  socket:onerror(function(_, _, why) return why end)
  return setmetatable({ socket = socket, keep = true }, Connection)
end

--- Reads the next request up to its body. False when the peer has closed; nil and why when it sent what is no request.
function Connection:read_head()
  local text, last = '', nil
  repeat
    local more = self.socket:xread(-HEAD_LIMIT)
    if not more or more == '' then return false end
    text = (text .. more):gsub('^[\r\n]+', '')
    last = text:find('\r\n\r\n', 1, true)
    if (last or #text) > HEAD_LIMIT then return nil, 'Request headers are too large.', 431 end
  until last
  if #text > last + 3 then self.socket:unget(text:sub(last + 4)) end
  return self:parse_head(text, last + 2)
end

-- The lines of a head, which ends at `finish`.
function Connection:parse_head(text, finish)
  local method, path, query, version, at = text:match(REQUEST_LINE)
  if not method then return nil, 'Malformed request line.', 400 end
  local headers, name, value = {}, nil, nil
  while at < finish do
    name, value, at = text:match(HEADER_LINE, at)
    if not name then return nil, 'Malformed header line.', 400 end
    name = name:lower()
    if not headers[name] then headers[name] = value
    elseif name == 'host' or name == 'content-length' then return nil, 'Repeated ' .. name .. ' header.', 400
    else headers[name] = headers[name] .. (name == 'cookie' and '; ' or ', ') .. value end
  end
  local length, encoding = headers['content-length'], headers['transfer-encoding']
  -- Two ways to tell where a body ends are how requests are smuggled past a proxy.
  if length and (encoding or not length:match('^%d+$')) or encoding and encoding:lower() ~= 'chunked' then
    return nil, 'Malformed body framing.', 400
  end
  self.method, self.path, self.query, self.version, self.headers = method, path, query, version, headers
  self.keep = version == '1.1' and not (headers.connection or ''):lower():find('close', 1, true)
  self.unread = encoding ~= nil or length ~= nil and not length:match('^0+$')
  return true
end

--- The body; nil when it has more bytes than the limit. Raises when the peer leaves in the middle of it.
function Connection:read_body(limit)
  local length = self.headers['content-length']
  if not self.unread then return '' end
  if length and tonumber(length) > limit then return nil end
  if (self.headers.expect or ''):lower() == '100-continue' then self.socket:xwrite('HTTP/1.1 100 Continue\r\n\r\n') end
  local body = length and self:read(math.tointeger(tonumber(length))) or self:read_chunks(limit)
  self.unread = body == nil
  return body
end

function Connection:read(what)
  return self.socket:xread(what) or error('The peer has gone.', 0)
end

function Connection:read_chunks(limit)
  local chunks, total = {}, 0
  while true do
    local digits = self:read('*L'):match('^(%x%x?%x?%x?%x?%x?%x?%x?)[ \t;\r]') or error('Malformed chunk.', 0)
    local size = tonumber(digits, 16)
    if size == 0 then break end
    total = total + size
    if total > limit then return nil end
    chunks[#chunks + 1] = self:read(size)
    if self:read(2) ~= '\r\n' then error('Malformed chunk.', 0) end
  end
  repeat until self:read('*L') == '\r\n' -- trailers carry nothing that a function sees
  return table.concat(chunks)
end

--- Sends an answer; a body that is a function is called for one piece after the other.
function Connection:answer(status, lines, body)
  local bodiless = status == 204 or status == 304
  local streams = type(body) == 'function' and not bodiless
  self.keep = self.keep and not self.unread
  if streams then lines[#lines + 1] = self.version == '1.1' and 'transfer-encoding: chunked' or nil
  elseif not bodiless then lines[#lines + 1] = 'content-length: ' .. #body end
  lines[#lines + 1] = 'connection: ' .. (self.keep and 'keep-alive' or 'close')
  local head = 'HTTP/1.1 ' .. status .. ' \r\n' .. table.concat(lines, '\r\n') .. '\r\n\r\n'
  if streams then self:stream(head, self.method == 'HEAD' and function() end or body)
  else self.socket:xwrite((bodiless or self.method == 'HEAD') and head or head .. body) end
  if self.unread then self:discard() end
end

function Connection:stream(head, next_piece)
  local chunked = self.version == '1.1'
  self.socket:xwrite(head)
  for piece in next_piece do
    piece = tostring(piece)
    if piece ~= '' and not self.socket:xwrite(chunked and ('%x\r\n%s\r\n'):format(#piece, piece) or piece) then
      error('The peer has gone.', 0)
    end
  end
  if chunked and self.method ~= 'HEAD' then self.socket:xwrite('0\r\n\r\n') end
end

-- Closing with unread bytes makes the kernel throw away the answer as well, so what the peer still sends is read first.
function Connection:discard()
  self.socket:shutdown('w')
  for _ = 1, 1024 do
    local bytes = self.socket:xread(-HEAD_LIMIT, nil, 1)
    if not bytes or bytes == '' then return end
  end
end

return Connection
