def main(context):
    context.log(f'{context.req.method} {context.req.path}')

    return context.res.json({
        'message': 'Hello from Python!',
        'method': context.req.method,
        'path': context.req.path,
        'query': context.req.query,
    })
