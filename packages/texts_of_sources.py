"""The texts that stand in a source, to be translated: of Python, of Django's templates and of the browser's modules."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.utils.translation.template import templatize

Text = tuple[str, str]
"""In English, for one and for many; the second is empty where no number decides."""


_CALLS: Final = {
    "_": 1,
    "gettext": 1,
    "gettext_lazy": 1,
    "gettext_noop": 1,
    "ngettext": 2,
    "ngettext_lazy": 2,
}
"""Functions of Django's, and how many texts they take."""
_STRING: Final = r"""u?('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")"""
_IN_TEMPLATE: Final = re.compile(
    rf"(?:\bngettext\({_STRING}, {_STRING}|(?:\bgettext|(?<!\w)_)\({_STRING})"
)
_IN_SCRIPT: Final = re.compile(
    rf"(?<![\w.$])(?:n\(\s*{_STRING}\s*,\s*{_STRING}\s*,|t\(\s*{_STRING}\s*[,)]|[nt]\([^)]{{0,40}})"
)
_COMMENT_OF_SCRIPT: Final = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.S | re.M)


class LiteralError(ValueError):
    """A text that is put together, so that nobody could translate it."""


def of_python(path: Path) -> Iterator[Text]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if count := _CALLS.get(name):
            texts = [getattr(each, "value", None) for each in node.args[:count]]
            if len(texts) < count or not all(isinstance(each, str) for each in texts):
                raise LiteralError(f"{path}:{node.lineno}: {name}() of what is no text")
            yield str(texts[0]), str(texts[1]) if count > 1 else ""


def of_template(path: Path) -> Iterator[Text]:
    source = path.read_text("utf-8")
    for one, many, text in _IN_TEMPLATE.findall(templatize(source, origin=str(path))):
        if text:
            yield _unquoted(text), ""
        else:
            yield _unquoted(one), _unquoted(many)


def of_script(path: Path) -> Iterator[Text]:
    source = path.read_text("utf-8")
    if "/gettext.js" not in source:
        return
    for found in _IN_SCRIPT.finditer(_COMMENT_OF_SCRIPT.sub("", source)):
        one, many, text = found.groups()
        if text:
            yield _unquoted(text), ""
        elif one:
            yield _unquoted(one), _unquoted(many)
        else:
            raise LiteralError(f"{path}: {found.group()}: no text")


def _unquoted(literal: str) -> str:
    return str(ast.literal_eval(literal))
