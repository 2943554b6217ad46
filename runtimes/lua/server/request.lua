-- What a function sees of its request.

local json = require 'dkjson'
local config = require 'src.config'

-- As JSON an object, even when it is empty.
local OBJECT = { __jsontype = 'object' }

-- Made when they are asked for, since most functions need one of them at most.
local LAZY = {
  bodyRaw = function(request) return request.bodyText end,
  bodyJson = function(request)
    local value, _, why = json.decode(request.bodyText, 1, json.null)
    if why or request.bodyText == '' then error('The body is not valid JSON: ' .. (why or 'it is empty'), 3) end
    return value
  end,
  body = function(request)
    local is_json = (request.headers['content-type'] or ''):lower():find('application/json', 1, true) == 1
    if not is_json then return request.bodyText end
    return request.bodyText == '' and setmetatable({}, OBJECT) or request.bodyJson
  end,
}

local REQUEST = { __index = function(request, name) return LAZY[name] and LAZY[name](request) end }

-- What is between the server and who calls it is taken out, then the enforced ones are written on top.
local function visible_headers(headers)
  for name, value in pairs(headers) do
    local ours = name == 'authorization' and value == config.authorization
    if ours or name:find('^x%-open%-runtimes%-') then headers[name] = nil end
  end
  for name, value in pairs(config.enforced_headers) do headers[name] = value end
  return setmetatable(headers, OBJECT)
end

local function parse_query(text)
  local query = setmetatable({}, OBJECT)
  for part in text:gmatch('[^&]+') do
    local name, value = part:match('^([^=]+)=?(.*)$')
    if name then query[name] = value end
  end
  return query
end

--- Takes the headers of the connection, which needs them no more.
return function(connection, body)
  local method, path, query, headers = connection.method, connection.path, connection.query, connection.headers
  local scheme = headers['x-forwarded-proto'] or 'http'
  local default = scheme == 'https' and 443 or 80
  local host, port = (headers.host or ''):match('^(.*):(%d*)$')
  host, port = host or headers.host or '', math.tointeger(tonumber(port)) or default
  local origin = scheme .. '://' .. host .. (port == default and '' or ':' .. port)
  local url = origin .. path .. (query == '' and '' or '?' .. query)
  return setmetatable({
    method = method:upper(), scheme = scheme, host = host, port = port, path = path, url = url,
    queryString = query, query = parse_query(query), headers = visible_headers(headers),
    bodyBinary = body, bodyText = body,
  }, REQUEST)
end
