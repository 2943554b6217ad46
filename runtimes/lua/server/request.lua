-- What a function sees of its request.

local json = require 'src.json'

-- As JSON an object, even when it is empty.
local OBJECT = { __jsontype = 'object' }

-- Made when they are asked for, since most functions need one of them at most, and then kept.
local LAZY = {
  bodyRaw = function(request) return request.bodyText end,
  bodyJson = function(request)
    local value, why = json.decode(request.bodyText)
    if why then error('The body is not valid JSON: ' .. why, 3) end
    return value
  end,
  body = function(request)
    local is_json = (request.headers['content-type'] or ''):lower():find('application/json', 1, true) == 1
    if not is_json then return request.bodyText end
    return request.bodyText == '' and setmetatable({}, OBJECT) or request.bodyJson
  end,
}

local function make(request, name)
  if LAZY[name] then request[name] = LAZY[name](request) end
  return rawget(request, name)
end

local REQUEST = { __index = make }

local function parse_query(text)
  local query = setmetatable({}, OBJECT)
  for part in text:gmatch('[^&]+') do
    local name, value = part:match('^([^=]+)=?(.*)$')
    if name then query[name] = value end
  end
  return query
end

return function(message)
  local headers, path, query = message.headers, message.target:match('^([^?]*)%??(.*)$')
  local scheme = headers['x-forwarded-proto'] or 'http'
  local default = scheme == 'https' and 443 or 80
  local host, port = (headers.host or ''):match('^(.*):(%d*)$')
  host, port = host or headers.host or '', math.tointeger(tonumber(port)) or default
  local origin = scheme .. '://' .. host .. (port == default and '' or ':' .. port)
  local url = origin .. path .. (query == '' and '' or '?' .. query)
  return setmetatable({
    method = message.method, scheme = scheme, host = host, port = port, path = path, url = url,
    queryString = query, query = parse_query(query), headers = setmetatable(headers, OBJECT),
    bodyBinary = message.body, bodyText = message.body,
  }, REQUEST)
end
