"""A page as a browser without JavaScript has it: its elements, and its forms as they are sent."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from django.test import Client

_VOID = {"input", "img", "link", "meta", "br", "path", "circle"}


@dataclass(eq=False)
class Element:
    """One element, and what is in it. A <template> is empty, as nobody sees what it holds."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    parent: "Element | None" = None
    children: "list[Element | str]" = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def __contains__(self, name: str) -> bool:
        return name in self.attributes

    def all(self, tag: str = "", **attributes: str | None) -> "list[Element]":
        """Return the elements in here with these attributes ("_" for "-"); None: with any value."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            each
            for each in self._below()
            if (not tag or each.tag == tag)
            and all(
                name in each and (value is None or value == each[name])
                for name, value in wanted.items()
            )
        ]

    def one(self, tag: str = "", **attributes: str | None) -> "Element":
        """Return the only one of these."""
        (found,) = self.all(tag, **attributes)
        return found

    @property
    def text(self) -> str:
        """What can be read here."""
        return " ".join(self._texts().split())

    @property
    def is_hidden(self) -> bool:
        return "hidden" in self or (self.parent is not None and self.parent.is_hidden)

    def _below(self) -> "Iterator[Element]":
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child._below()

    def _texts(self) -> str:
        if "hidden" in self:
            return ""
        return " ".join(each if isinstance(each, str) else each._texts() for each in self.children)


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self._open = Element("document")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self._open)
        self._open.children.append(element)
        if tag not in _VOID:
            self._open = element

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        assert self._open.tag == tag, f"</{tag}> closes <{self._open.tag}>"
        if tag == "template":
            self._open.children.clear()
        assert self._open.parent is not None
        self._open = self._open.parent

    def handle_data(self, data: str) -> None:
        self._open.children.append(data)


class Page:
    """One page that a person has opened."""

    def __init__(self, client: Client, url: str = "/notifications/", **options: Any) -> None:
        answer = client.get(url, **options)
        while answer.status_code == 302:
            url = answer.headers["Location"]
            answer = client.get(url, **options)
        assert answer.status_code == 200, (url, answer.status_code)
        self.client, self.url, self.html = client, url, answer.content.decode()
        parser = _Parser()
        parser.feed(self.html)
        parser.close()
        self.root = parser.root

    @property
    def rows(self) -> list[Element]:
        """The notifications that are listed, in their order."""
        return self.root.all(data_testid="notification")

    @property
    def messages(self) -> list[str]:
        return [row.one("a", data_message=None).text for row in self.rows]

    def row(self, message: str) -> Element:
        (found,) = [row for row in self.rows if row.one("a", data_message=None).text == message]
        return found

    def follow(self, link: Element) -> "Page":
        """Open the page that a visible link leads to."""
        assert not link.is_hidden
        return Page(self.client, urljoin(self.url, link["href"]))

    def link(self, text: str) -> Element:
        """Return the only link of that text that can be seen."""
        (found,) = [a for a in self.root.all("a") if a.text == text and not a.is_hidden]
        return found

    def press(self, button: Element, *ticked: Element) -> "Page":
        """Press a button, with these rows ticked; return the page that the form leads to."""
        assert not button.is_hidden
        form: Element | None = button
        while form is not None and form.tag != "form":
            form = form.parent
        assert form is not None
        ids = {row["data-id"] for row in ticked}
        fields: dict[str, Any] = {}
        for each in form.all("input"):
            if "name" in each and (each["type"] != "checkbox" or each["value"] in ids):
                fields.setdefault(each["name"], []).append(each.attributes.get("value", ""))
        if "name" in button:
            fields[button["name"]] = [button["value"]]
        answer = self.client.post(urljoin(self.url, form["action"]), fields)
        assert answer.status_code == 302, answer.content
        return Page(self.client, answer.headers["Location"])

    def search(self, q: str) -> "Page":
        """Send the form of the search."""
        form = self.root.one("form", role="search")
        given = {each["name"]: each["value"] for each in form.all("input") if each["name"] != "q"}
        query = "&".join(f"{name}={value}" for name, value in {**given, "q": q}.items())
        return Page(self.client, f"{urljoin(self.url, form['action'])}?{query}")

    @property
    def told(self) -> str:
        """What the page says was done."""
        done = self.root.one(data_done=None)
        return "" if done.is_hidden else done.one(data_done_text=None).text
