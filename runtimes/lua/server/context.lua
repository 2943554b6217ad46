-- What a function is called with.

local Request = require 'src.request'
local response = require 'src.response'
local logger = require 'src.logger'

local RES = { __index = response.res }

return function(message)
  return {
    req = Request(message),
    res = setmetatable({}, RES), -- the function's own, which it may add to
    log = logger.log,
    error = logger.error,
  }
end
