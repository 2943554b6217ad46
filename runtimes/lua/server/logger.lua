-- What the function says through its context, as text.

local dkjson = require 'dkjson'
local json = require 'src.json'
local wire = require 'src.wire'

local function format(value)
  if type(value) == 'string' then return value end
  -- What JSON cannot express is better read as null than not at all.
  for _, way in ipairs(json.is_data(value) and { json.encode, dkjson.encode, tostring } or { tostring }) do
    local ok, text = pcall(way, value)
    if ok then return text end
  end
  return type(value)
end

local function write(kind)
  return function(...)
    local parts = table.pack(...)
    for i = 1, parts.n do parts[i] = format(parts[i]) end
    wire.record(kind, table.concat(parts, ' '))
  end
end

--- For xpcall: what was raised, which may be any value, with its stack.
local function trace(why) return debug.traceback(format(why), 2) end

return { log = write 'log', error = write 'error', trace = trace }
