return function(context)
  context.log(context.req.method .. ' ' .. context.req.path)

  return context.res.json {
    message = 'Hello from Lua!',
    method = context.req.method,
    path = context.req.path,
    query = context.req.query,
  }
end
