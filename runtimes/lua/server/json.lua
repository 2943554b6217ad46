-- JSON as the contract has it: what cannot be written is an error.

local dkjson = require 'dkjson'

local json = { null = dkjson.null }

local function check(value, seen)
  if type(value) == 'number' and (value ~= value or value == math.huge or value == -math.huge) then
    local name = value ~= value and 'NaN' or value > 0 and 'Infinity' or '-Infinity'
    error('JSON cannot express the number ' .. name .. '.', 0)
  end
  if type(value) ~= 'table' or seen[value] then return end
  seen[value] = true
  for _, member in pairs(value) do check(member, seen) end
end

function json.encode(value)
  check(value, {})
  return dkjson.encode(value)
end

--- The value, or nil and why it is none.
function json.decode(text)
  if text == '' then return nil, 'it is empty' end
  local value, _, why = dkjson.decode(text, 1, dkjson.null)
  return value, why
end

return json
