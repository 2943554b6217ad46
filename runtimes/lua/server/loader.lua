-- Loads the user's function.

local trace = require('src.logger').trace

local FOLDER = '/usr/local/server/src/function/'
local INVALID = "Function signature invalid. Did you forget to export a 'main' function?"

--- The function; nil and why it does not load, in words for its author, if it does not.
return function()
  local entrypoint = os.getenv('OPEN_RUNTIMES_ENTRYPOINT') or 'main.lua'
  local file = io.open(FOLDER .. entrypoint, 'rb')
  local text = file and file:read('a')
  if file then file:close() end
  if not text then return nil, 'Failed to load entrypoint, file ' .. entrypoint .. ' does not exist.' end
  package.path = FOLDER .. '?.lua;' .. FOLDER .. '?/init.lua;' .. package.path
  -- As the interpreter does: without a byte order mark and a line for the shell.
  local chunk, why = load(text:gsub('^\xEF\xBB\xBF', ''):gsub('^#[^\n]*', ''), '@' .. entrypoint)
  if not chunk then return nil, 'Syntax error in ' .. entrypoint .. ': ' .. why end
  local ok, exported = xpcall(chunk, trace)
  if not ok then return nil, 'Failed to load module: ' .. exported end
  local main = type(exported) == 'table' and exported.main or exported
  if type(main) ~= 'function' then return nil, INVALID end
  return main
end
