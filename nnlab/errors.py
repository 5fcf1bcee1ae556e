"""The one error type that means "you, not we"."""


class UserError(Exception):
    """A mistake of whoever uses nnlab: shown as one message, exit status 2"""
