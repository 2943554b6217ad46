-- What the environment says, read once when the server starts.

local json = require 'dkjson'

local ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

local function base64(text)
  return (text:gsub('..?.?', function(bytes)
    local bits, digits = string.unpack('>I3', bytes .. ('\0'):rep(3 - #bytes)), ''
    for i = 0, #bytes do
      local digit = (bits >> (18 - 6 * i) & 63) + 1
      digits = digits .. ALPHABET:sub(digit, digit)
    end
    return digits .. ('='):rep(3 - #bytes)
  end))
end

local function enforced_headers(text)
  local decoded, headers = json.decode(text), {}
  if type(decoded) ~= 'table' or getmetatable(decoded).__jsontype ~= 'object' then return headers end
  for name, value in pairs(decoded) do
    headers[name:lower()] = type(value) == 'string' and value or json.encode(value)
  end
  return headers
end

local secret = os.getenv('OPEN_RUNTIMES_SECRET') or ''

return {
  body_limit = 20 * 1024 * 1024,
  function_folder = '/usr/local/server/src/function/',
  timings_file = '/mnt/telemetry/timings.txt',
  drain_seconds = 10,
  secret = secret,
  authorization = 'Basic ' .. base64('opr:' .. secret),
  development = os.getenv('OPEN_RUNTIMES_ENV') == 'development',
  entrypoint = os.getenv('OPEN_RUNTIMES_ENTRYPOINT') or 'main.lua',
  enforced_headers = enforced_headers(os.getenv('OPEN_RUNTIMES_HEADERS') or ''),
}
