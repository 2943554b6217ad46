-- Loads the user's function, once.

local config = require 'src.config'

local INVALID = "Function signature invalid. Did you forget to export a 'main' function?"

-- `loaded` is the function, once there is one.
local loader = {}

--- Loads it; nil and why it does not load, in words for its author, if it does not. That is tried again then.
function loader.load()
  local file = io.open(config.function_folder .. config.entrypoint, 'rb')
  local text = file and file:read('a')
  if file then file:close() end
  if not text then return nil, 'Failed to load entrypoint, file ' .. config.entrypoint .. ' does not exist.' end
  local chunk, why = load(text:gsub('^#[^\n]*', ''), '@' .. config.entrypoint)
  if not chunk then return nil, 'Syntax error in ' .. config.entrypoint .. ': ' .. why end
  local ok, exported = xpcall(chunk, debug.traceback)
  if not ok then return nil, 'Failed to load module: ' .. tostring(exported) end
  local main = type(exported) == 'table' and exported.main or exported
  if type(main) ~= 'function' then return nil, INVALID end
  loader.loaded = main
  return main
end

return loader
