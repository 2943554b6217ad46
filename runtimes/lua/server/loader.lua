-- Loads the user's function, once.

local config = require 'src.config'

local INVALID = "Function signature invalid. Did you forget to export a 'main' function?"

local loaded

--- The function; or nil and why it does not load, in words for its author. A load that failed is tried again.
return function()
  if loaded then return loaded end
  local file = io.open(config.function_folder .. config.entrypoint, 'rb')
  local text = file and file:read('a')
  if file then file:close() end
  if not text then return nil, 'Failed to load entrypoint, file ' .. config.entrypoint .. ' does not exist.' end
  local chunk, why = load(text:gsub('^#[^\n]*', ''), '@' .. config.entrypoint)
  if not chunk then return nil, 'Syntax error in ' .. config.entrypoint .. ': ' .. why end
  local ok, exported = xpcall(chunk, debug.traceback)
  if not ok then return nil, 'Failed to load module: ' .. tostring(exported) end
  loaded = type(exported) == 'table' and exported.main or exported
  if type(loaded) == 'function' then return loaded end
  loaded = nil
  return nil, INVALID
end
