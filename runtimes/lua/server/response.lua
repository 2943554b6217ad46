-- The answers that a function can make, and the rules for the headers of what it returns.

local json = require 'dkjson'

local response = { res = {} }

local function make(body, status, headers, extra)
  local own = extra or {}
  for name, value in pairs(headers or {}) do own[name] = value end
  return { body = body, statusCode = status or 200, headers = own }
end

response.res.text, response.res.binary, response.res.send = make, make, make

function response.res.json(value, status, headers)
  return make(json.encode(value), status, headers, { ['content-type'] = 'application/json; charset=utf-8' })
end

function response.res.redirect(url, status, headers) return make('', status or 301, headers, { location = url }) end

function response.res.empty() return make('', 204) end

local function content_type(value)
  local media, parameters = value:match('^([^;]*)(.*)$')
  local complete = media:lower() .. parameters
  if complete:find('^multipart/') or complete:lower():find('charset=', 1, true) then return complete end
  return complete .. '; charset=utf-8'
end

--- Header lines as they go over the wire. Raises for what cannot be sent.
function response.header_lines(headers, log_id)
  local lines, typed = { 'x-open-runtimes-log-id: ' .. log_id }, false
  for name, value in pairs(headers) do
    name = tostring(name):lower()
    if not name:match('^[^%s%c:]+$') then error('The response header "' .. name .. '" has a name that cannot be sent.', 0) end
    if name == 'content-type' then value, typed = content_type(tostring(value)), true end
    local reserved = name:sub(1, 16) == 'x-open-runtimes-' or name == 'content-length' or name == 'transfer-encoding' or name == 'connection'
    for _, item in ipairs(reserved and {} or type(value) == 'table' and value or { value }) do
      item = tostring(item)
      if item:find('[%c]') and item:find('[^\t%C]') then error('The response header "' .. name .. '" has a value that cannot be sent.', 0) end
      lines[#lines + 1] = name .. ': ' .. item
    end
  end
  if not typed then lines[#lines + 1] = 'content-type: text/plain; charset=utf-8' end
  return lines
end

return response
