"""A gettext catalogue of a test's own, as compilemessages would write it."""

import struct
from collections.abc import Mapping
from pathlib import Path


def write(locale: Path, language: str, texts: Mapping[str, str]) -> None:
    """Write the translations of texts to where Django looks for them below a folder of LOCALE_PATHS."""
    pairs = sorted({"": "Content-Type: text/plain; charset=UTF-8\n", **texts}.items())
    begin = 28 + 16 * len(pairs)
    tables: list[bytes] = []
    strings = b""
    for column in (0, 1):
        for pair in pairs:
            text = pair[column].encode()
            tables.append(struct.pack("<II", len(text), begin + len(strings)))
            strings += text + b"\x00"
    head = struct.pack("<IIIIIII", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    folder = locale / language / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.mo").write_bytes(head + b"".join(tables) + strings)
