-- What a function sees of its request.

local json = require 'dkjson'
local config = require 'src.config'

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
    return request.bodyText == '' and setmetatable({}, { __jsontype = 'object' }) or request.bodyJson
  end,
}

local function visible_headers(sent)
  local headers = setmetatable({}, { __jsontype = 'object' })
  for name, value in pairs(sent) do
    if name:sub(1, 16) ~= 'x-open-runtimes-' and not (name == 'authorization' and value == config.authorization) then headers[name] = value end
  end
  for name, value in pairs(config.enforced_headers) do headers[name] = value end
  return headers
end

local function parse_query(text)
  local query = setmetatable({}, { __jsontype = 'object' })
  for part in text:gmatch('[^&]+') do
    local name, value = part:match('^([^=]+)=?(.*)$')
    if name then query[name] = value end
  end
  return query
end

return function(head, body)
  local scheme = head.headers['x-forwarded-proto'] or 'http'
  local default = scheme == 'https' and 443 or 80
  local host, port = (head.headers.host or ''):match('^(.-):?(%d*)$')
  if host:find('[', 1, true) and not host:find(']', 1, true) then host, port = head.headers.host, '' end
  port = math.tointeger(tonumber(port)) or default
  local path, query = head.target:match('^([^?]*)%??(.*)$')
  local url = scheme .. '://' .. host .. (port == default and '' or ':' .. port) .. path .. (query == '' and '' or '?' .. query)
  return setmetatable({
    method = head.method:upper(), scheme = scheme, host = host, port = port, path = path, url = url,
    queryString = query, query = parse_query(query), headers = visible_headers(head.headers), bodyBinary = body, bodyText = body,
  }, { __index = function(request, name) return LAZY[name] and LAZY[name](request) end })
end
