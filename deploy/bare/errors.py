"""The error that ends a command with one line instead of a traceback."""


class MissingError(Exception):
    """Something is not there or not as it must be; the text says what to do, in one line if it can."""
