-- The answers that a function can make, and what of them goes to the front.

local json = require 'src.json'

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

-- As JSON, of which the front judges: 200.0 is an integer, and what JSON cannot express is none.
local function status_text(status)
  local ok, text = pcall(json.encode, math.type(status) == 'float' and math.tointeger(status) or status)
  return ok and text or 'null'
end

--- What a function returned, as status, pairs of header names and values, and a body: text, or a function of pieces.
function response.parts(output)
  local body, lines = output.body, {}
  for name, value in pairs(output.headers or {}) do
    for _, item in ipairs(type(value) == 'table' and value or { value }) do
      lines[#lines + 1] = { tostring(name), tostring(item) }
    end
  end
  if body == nil or body == json.null then body = '' end
  if type(body) ~= 'function' then body = json.is_data(body) and json.encode(body) or tostring(body) end
  return status_text(output.statusCode == nil and 200 or output.statusCode), lines, body
end

return response
