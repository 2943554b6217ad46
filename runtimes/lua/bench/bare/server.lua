-- The least that reads a request's head and answers a JSON hello.

local cqueues = require 'cqueues'
local socket = require 'cqueues.socket'
local json = require 'dkjson'

local loop = cqueues.new()
local listener = assert(socket.listen { host = '0.0.0.0', port = 3000, reuseaddr = true, nodelay = true })

local function serve(client)
  client:setmode('b', 'bn')
  client:onerror(function(_, _, why) return why end)
  while true do
    local line = client:read('*L')
    if not line then break end
    local method, target = line:match('^(%S+) (%S+) HTTP/1%.[01]\r\n$')
    local headers = {}
    for header in function() return client:read('*L') end do
      local name, value = header:match('^([^:]+):%s*(.-)%s*$')
      if not name then break end
      headers[name:lower()] = value
    end
    local body = json.encode { message = 'Hello!' }
    local head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: '
    client:write(head .. #body .. '\r\n\r\n' .. body)
  end
  client:close()
end

loop:wrap(function()
  for client in listener:clients() do loop:wrap(serve, client) end
end)
assert(loop:loop())
