"""What is wrong with the dotted path of a function."""

from django.utils.module_loading import import_string


def trouble_with(path: str) -> str:
    """Return why the path leads to no function, in words that go on after its name; empty where it does."""
    try:
        found = import_string(path)
    except Exception as error:
        return f"cannot be imported: {error}"
    return "" if callable(found) else f"is no function, but of type {type(found).__name__}"
