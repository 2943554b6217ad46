-- What a function is called with.

local RES = { __index = require('src.response').res }

return function(request, logger)
  return {
    req = request,
    res = setmetatable({}, RES), -- the function's own, which it may add to
    log = function(...) logger:write('logs', ...) end,
    error = function(...) logger:write('errors', ...) end,
  }
end
