"""Read `.env` by the rules that Compose reads it by, so that one file means the same on every host."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bare.errors import MissingError

_ENTRY = re.compile(
    r"""[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_][A-Za-z0-9_.-]*)[ \t]*
        (?:[=:][ \t]*
            (?:'(?P<literal>(?:\\.|[^'\\])*)'[^\n]*
              |"(?P<quoted>(?:\\.|[^"\\])*)"[^\n]*
              |(?P<plain>[^\n]*))
          |(?=\n|\Z))""",
    re.VERBOSE | re.DOTALL,
)
_NOTHING = re.compile(r"[ \t]*(?:\#[^\n]*)?\n|[ \t]*\#[^\n]*\Z|[ \t]*\Z")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "$": "$"}


def parse(text: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a `.env` file with that text.

    `environ` is the caller's environment: where a value mentions a variable, it goes before the file's own.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    found: dict[str, str] = {}
    position = 0
    while position < len(text):
        if nothing := _NOTHING.match(text, position):
            position = nothing.end()
            continue
        line = text.count("\n", 0, position) + 1
        entry = _ENTRY.match(text, position)
        if not entry:
            raise MissingError(f".env: line {line} is neither NAME=value nor a comment")
        known = {**found, **environ}
        if entry["literal"] is not None:
            value = entry["literal"].replace("\\'", "'")
        elif entry["quoted"] is not None:
            value = _expand(entry["quoted"], known, escapes=True)
        elif entry["plain"] is not None:
            if entry["plain"][:1] in ("'", '"'):
                raise MissingError(f".env: line {line}: a quote is not closed")
            value = _expand(re.sub(r" #.*", "", entry["plain"]).strip(), known, escapes=False)
        else:
            # A name alone takes its value from the caller's environment, where it is already.
            position = entry.end() + 1
            continue
        found[entry["name"]] = value
        position = entry.end() + 1
    return found


def _expand(text: str, known: Mapping[str, str], *, escapes: bool) -> str:
    """Return `text` with its variables, and within double quotes its escapes, replaced."""
    result = []
    position = 0
    while position < len(text):
        rest = text[position:]
        if escapes and rest[0] == "\\" and rest[1:2] in _ESCAPES:
            result.append(_ESCAPES[rest[1]])
            position += 2
        elif rest.startswith("$$"):
            result.append("$")
            position += 2
        elif rest.startswith("${"):
            length = _braced(rest)
            result.append(_substitute(rest[2 : length - 1], known, escapes=escapes))
            position += length
        elif rest[0] == "$" and (name := _NAME.match(rest, 1)):
            result.append(known.get(name[0], ""))
            position += name.end()
        else:
            result.append(rest[0])
            position += 1
    return "".join(result)


def _braced(text: str) -> int:
    """Return how long the `${…}` is that `text` starts with; there may be another one inside."""
    depth = 0
    for number, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if number > 0 and depth == 0:
            return number + 1
    raise MissingError(f".env: {text!r} has no closing brace")


def _substitute(inner: str, known: Mapping[str, str], *, escapes: bool) -> str:
    """Return what `${inner}` stands for: a variable, or what to take where it is missing or there."""
    form = re.fullmatch(r"([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-+?])(.*))?", inner, re.DOTALL)
    if not form:
        raise MissingError(f".env: ${{{inner}}} is not a form that Compose knows")
    name, operator, word = form[1], form[2] or "", form[3] or ""
    value = known.get(name)
    # With a colon an empty value counts as missing.
    present = bool(value) if operator.startswith(":") else value is not None
    if operator.endswith("+"):
        return _expand(word, known, escapes=escapes) if present else ""
    if present or not operator:
        return value or ""
    if operator.endswith("?"):
        raise MissingError(f".env: {name}: {word or 'is missing'}")
    return _expand(word, known, escapes=escapes)
