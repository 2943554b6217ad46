-- What a function is called with.

local Request = require 'src.request'
local response = require 'src.response'
local logger = require 'src.logger'

local RES = { __index = response.res }

return function(message)
  -- `res` is the function's own, which it may add to.
  return { req = Request(message), res = setmetatable({}, RES), log = logger.log, error = logger.error }
end
