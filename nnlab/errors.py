"""Errors that a user can cause: shown as one clear message, never as a traceback."""


class UserError(Exception):
    """Something the user can put right. `str()` is the whole message; commands print it and exit with status 2."""
