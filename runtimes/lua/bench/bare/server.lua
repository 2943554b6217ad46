-- The least that answers a JSON hello.

local cqueues = require 'cqueues'
local socket = require 'cqueues.socket'
local json = require 'dkjson'

local loop = cqueues.new()
local listener = assert(socket.listen { host = '0.0.0.0', port = 3000, reuseaddr = true, nodelay = true })

local function serve(client)
  client:setmode('b', 'bn')
  client:onerror(function(_, _, why) return why end)
  while client:read('*L') do
    repeat
      local line = client:read('*L')
    until line == '\r\n' or not line
    local body = json.encode { message = 'Hello!' }
    client:write('HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ' .. #body .. '\r\n\r\n' .. body)
  end
  client:close()
end

loop:wrap(function()
  for client in listener:clients() do loop:wrap(serve, client) end
end)
assert(loop:loop())
