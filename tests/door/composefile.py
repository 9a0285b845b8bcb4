"""Compose files as text: what each service says, with the anchors of its file filled in.

Neither Compose nor a YAML library is where these tests run; our files keep to two levels of indentation a service.
"""

import re

from conftest import REPOSITORY


class ComposeFile:
    """One of the repository's Compose files."""

    def __init__(self, name: str) -> None:
        text = re.sub(r"(^|\s)#.*", "", (REPOSITORY / name).read_text())
        self._anchors: dict[str, str] = {}
        for indent, _, anchor, block in re.findall(
            r"^( *)([\w-]+): &([\w-]+)(.*(?:\n(?:\1 +.*)?)*)", text, re.MULTILINE
        ):
            self._anchors[anchor] = f"{indent}{block}"
            # One that lies within another one's block.
            for _, inner, rest in re.findall(
                r"^( +)[\w-]+: &([\w-]+)(.*(?:\n(?:\1 +.*)?)*)", block, re.MULTILINE
            ):
                self._anchors[inner] = rest
        services = re.split(r"\n(?:networks|volumes):", text.partition("\nservices:\n")[2])[0]
        self._services = dict(
            re.findall(r"^  ([\w-]+):(.*\n(?:(?:   .*)?\n)*)", services, re.MULTILINE)
        )

    @property
    def services(self) -> list[str]:
        """The services' names, in the order of the file."""
        return list(self._services)

    def text(self, service: str) -> str:
        """Return a service's lines, and those of every anchor it names, and they name."""
        return self._filled(self._services[service])

    def environment(self, service: str) -> dict[str, str]:
        """Return a service's variables, and what each is set to."""
        text = self.text(service)
        found = re.findall(r"^\s+([A-Za-z_]+): *(\S.*)$", text, re.MULTILINE)
        found += re.findall(r"(?:(?<!\$)\{|,) *([A-Z_]+): *([^,}]+)", text)
        return {name: value for name, value in found if name.isupper()}

    def _filled(self, block: str) -> str:
        named = re.findall(r"\*([\w-]+)", re.sub(r'"[^"]*"', "", block))
        return block + "".join(self._filled(self._anchors[name]) for name in named)
