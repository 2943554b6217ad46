"""The function that answers as the bare server does."""


def main(context):
    return context.res.json({'message': 'Hello!'})
