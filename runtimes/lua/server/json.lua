-- JSON as the contract has it, by dkjson, which alone would lose some of it.

local dkjson = require 'dkjson'

local json = { null = dkjson.null }

-- Text that is JSON already.
local WRITTEN = { __tojson = function(written) return written[1] end }

local NONE = {}

local function meta_of(value) return debug.getmetatable(value) or NONE end

-- Numbers with all their digits, and no more.
local function exact(number)
  if number ~= number or number == math.huge or number == -math.huge then
    local name = number ~= number and 'NaN' or number > 0 and 'Infinity' or '-Infinity'
    error('JSON cannot express the number ' .. name .. '.', 0)
  end
  if tonumber(tostring(number)) == number then return number end
  local text = ('%.15g'):format(number)
  for digits = 16, 17 do if tonumber(text) ~= number then text = ('%.' .. digits .. 'g'):format(number) end end
  return setmetatable({ text }, WRITTEN)
end

-- A copy of a value that dkjson writes as it is meant.
local function prepared(value, copies)
  if type(value) == 'number' then return exact(value) end
  if type(value) ~= 'table' or copies[value] then return copies[value] or value end
  local meta, copy, is_list = meta_of(value), {}, false
  if meta.__tojson then return value end
  if meta.__jsontype or meta.__jsonorder then
    setmetatable(copy, { __jsontype = meta.__jsontype, __jsonorder = meta.__jsonorder })
  end
  copies[value] = copy
  for name, member in pairs(value) do
    copy[name], is_list = prepared(member, copies), is_list or math.type(name) == 'integer'
  end
  -- It counts as the length of a list (table.pack), even where there is none.
  if type(copy.n) == 'number' and not is_list then copy.n = setmetatable({ tostring(copy.n) }, WRITTEN) end
  return copy
end

function json.encode(value) return dkjson.encode(prepared(value, {})) end

--- Whether it is data, and no object that has a text of its own.
function json.is_data(value)
  return type(value) == 'table' and value ~= json.null and not meta_of(value).__tostring
end

--- The value, or nil and why it is none.
function json.decode(text)
  if text == '' then return nil, 'it is empty' end
  local value, stop, why = dkjson.decode(text, 1, dkjson.null)
  if not why and text:find('%S', stop) then return nil, 'there is more after its end' end
  return value, why
end

return json
