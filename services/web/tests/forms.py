"""The forms of a page, as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """`fields` are its named inputs, `buttons` the name and value of each way to send it."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[dict[str, str]] = field(default_factory=list)


def forms_of(page: str, url: str) -> list[Form]:
    """Return the forms of a page that was loaded from that URL, those in its templates too."""
    parser = _Parser(url)
    parser.feed(page)
    return parser.forms


class _Parser(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._url = url
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            method = given.get("method", "get").lower()
            self._open = Form(given.get("action") or self._url, method)
            self.forms.append(self._open)
        elif self._open is None:
            return
        elif tag == "input" and "name" in given and given.get("type") not in ("submit", "button"):
            self._open.fields.setdefault(given["name"], given.get("value", ""))
        elif tag == "button" or (tag == "input" and given.get("type") == "submit"):
            name = given.get("name")
            self._open.buttons.append({name: given.get("value", "")} if name else {})

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
