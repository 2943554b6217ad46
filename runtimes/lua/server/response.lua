-- The answers that a function can make, and the rules for the headers of what it returns.

local json = require 'dkjson'

local RESERVED = { ['connection'] = true, ['content-length'] = true, ['transfer-encoding'] = true }

local response = { res = {} }

local function make(body, status, headers, own)
  own = own or {}
  if headers then for name, value in pairs(headers) do own[name] = value end end
  return { body = body, statusCode = status or 200, headers = own }
end

response.res.text, response.res.binary, response.res.send = make, make, make

function response.res.json(value, status, headers)
  return make(json.encode(value), status, headers, { ['content-type'] = 'application/json; charset=utf-8' })
end

function response.res.redirect(url, status, headers) return make('', status or 301, headers, { location = url }) end

function response.res.empty() return make('', 204) end

local function content_type(value)
  local lower = value:lower()
  if value ~= lower then value = value:gsub('^[^;]*', string.lower) end
  return (lower:find('^multipart/') or lower:find('charset=', 1, true)) and value or value .. '; charset=utf-8'
end

local function add(lines, name, item)
  item = tostring(item)
  if not item:find('^[%C\t]*$') then
    error('The response header "' .. name .. '" has a value that cannot be sent.', 0)
  end
  lines[#lines + 1] = name .. ': ' .. item
end

--- Header lines as they go over the wire. Raises for what cannot be sent.
function response.header_lines(headers, log_id)
  local lines, typed = { 'x-open-runtimes-log-id: ' .. log_id }, false
  for name, value in pairs(headers) do
    name = tostring(name):lower()
    if not name:find('^[^%s%c:]+$') then
      error('The response header "' .. name .. '" has a name that cannot be sent.', 0)
    end
    if name == 'content-type' then value, typed = content_type(tostring(value)), true end
    if RESERVED[name] or name:find('^x%-open%-runtimes%-') then value = {} end
    for _, item in ipairs(type(value) == 'table' and value or { value }) do add(lines, name, item) end
  end
  if not typed then lines[#lines + 1] = 'content-type: text/plain; charset=utf-8' end
  return lines
end

return response
