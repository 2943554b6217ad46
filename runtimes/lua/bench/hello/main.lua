-- The function that answers as the bare server does.

return function(context) return context.res.json { message = 'Hello!' } end
