-- The log files of one request: what the function says through its context, and what it prints natively.

local json = require 'dkjson'
local config = require 'src.config'

local KINDS = { 'logs', 'errors' }
local LIMIT = 8000
local TRUNCATED = '... Log truncated due to size limit (8000 characters)'
local NATIVE_DETECTED = 'Native logs detected. Use context.log() or context.error() for better experience.'

-- Ids are a random part of this process and a counter.
local urandom = assert(io.open('/dev/urandom', 'rb'))
local process_part, counter = ('%02x'):rep(6):format(urandom:read(6):byte(1, 6)), 0
urandom:close()

-- Each message is in its file when the call that writes it returns: whatever ends the process, it stays.
local Logger = {}
Logger.__index = Logger

local function generate_id()
  counter = counter + 1
  return config.development and 'dev' or process_part .. ('%08x'):format(counter)
end

local function file_of(id, kind) return '/mnt/logs/' .. id .. '_' .. kind .. '.log' end

local function is_id(text) return #text <= 64 and text:match('^[%w_-]+$') ~= nil end

local function format(value)
  if type(value) == 'string' then return value end
  local ok, text = pcall(type(value) == 'table' and value ~= json.null and json.encode or tostring, value)
  if not ok then ok, text = pcall(tostring, value) end
  return ok and tostring(text) or type(value)
end

--- Its id is empty when logging is off.
function Logger.new(logging, id)
  if logging and logging ~= '' and logging ~= 'enabled' then return setmetatable({ id = '', closed = true }, Logger) end
  return setmetatable({ id = id and is_id(id) and id or generate_id(), line = '' }, Logger)
end

--- Writes one message; `kind` is `logs` or `errors`.
function Logger:write(kind, ...)
  if self.closed then return end
  local parts = table.pack(...)
  for i = 1, parts.n do parts[i] = format(parts[i]) end
  local message = table.concat(parts, ' ')
  if #message > LIMIT then
    local ok, cut = pcall(utf8.offset, message, LIMIT + 1)
    if not ok then cut = LIMIT + 1 end
    if cut and cut <= #message then message = message:sub(1, cut - 1) .. TRUNCATED end
  end
  local file = self[kind] or io.open(file_of(self.id, kind), 'a')
  -- Logs that cannot be written are lost, not the request.
  if not file then return end
  if not self[kind] then file:setvbuf 'no' end
  self[kind] = file
  file:write(message .. '\n')
end

--- What the function printed instead of logging it; lines of it may come in pieces.
function Logger:native(text)
  if self.closed then return end
  local lines = self.line .. text
  self.line = lines:match('[^\n]*$')
  for line in lines:gmatch('(.-)\n') do
    if not self.announced then self:write('logs', NATIVE_DETECTED) end
    self.announced = true
    self:write('logs', line)
  end
  if #self.line > LIMIT then self:native('\n') end
end

--- What is written from now on never appears.
function Logger:close()
  if self.closed then return end
  if self.line ~= '' then self:native('\n') end
  self.closed = true
  for _, kind in ipairs(KINDS) do
    if self[kind] then self[kind]:close() end
  end
end

--- Reads and deletes the files of an id: the answer of the path for log collection.
function Logger.collect(id)
  local found = {}
  for _, kind in ipairs(KINDS) do
    local file = is_id(id) and io.open(file_of(id, kind))
    found[kind] = file and file:read('a') or ''
    if file and file:close() then os.remove(file_of(id, kind)) end
  end
  return json.encode(found, { keyorder = KINDS })
end

return Logger
