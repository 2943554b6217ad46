-- What the function says through its context, as text.

local json = require 'src.json'
local wire = require 'src.wire'

local function format(value)
  if type(value) == 'string' then return value end
  local ok, text = pcall(type(value) == 'table' and value ~= json.null and json.encode or tostring, value)
  if not ok then ok, text = pcall(tostring, value) end
  return ok and tostring(text) or type(value)
end

local function write(kind)
  return function(...)
    local parts = table.pack(...)
    for i = 1, parts.n do parts[i] = format(parts[i]) end
    wire.record(kind, table.concat(parts, ' '))
  end
end

return { log = write 'log', error = write 'error' }
