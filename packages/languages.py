"""Extracts the texts of the package and of services/web into catalogs, and makes of these what is read at run time.

`python packages/languages.py` after a text has changed: new texts stand in locale/*/LC_MESSAGES/*.po then, to be
translated; run it again after that. With --check nothing is written, and the exit status tells whether all is as it
would be written and every text is translated. No GNU gettext is needed, here or at run time.
"""

import json
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polib
from texts_of_sources import Text, of_python, of_script, of_template

ROOT: Final = Path(__file__).resolve().parent.parent
PACKAGE: Final = ROOT / "packages/bellhop/src/bellhop"
SCRIPTS: Final = ROOT / "packages/bellhop/js/src"
SITE: Final = ROOT / "services/web"

PLURALS: Final = {
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3"
    " : n%100>=11 && n%100<=99 ? 4 : 5;",
    "de": "nplurals=2; plural=(n != 1);",
}
"""By language: how gettext numbers its forms, as Django's own catalogs do."""
CATEGORIES: Final = {
    "ar": ("zero", "one", "two", "few", "many", "other"),
    "de": ("one", "other"),
}
"""What Intl.PluralRules calls those forms."""

EXTRACT: Final = {".py": of_python, ".html": of_template, ".txt": of_template, ".js": of_script}
_KEPT: Final = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?\w+[^>]*>")
"""What a translation must have as its source has it: names of values, and tags."""


@dataclass(frozen=True)
class Catalog:
    """The texts of one domain, in every language."""

    name: str
    folder: Path
    texts: frozenset[Text]

    def path(self, language: str) -> Path:
        return self.folder / f"locale/{language}/LC_MESSAGES/{self.name}.po"


def catalogs() -> list[Catalog]:
    """Return what is to be translated. Raises LiteralError."""
    of_django, site = (
        (".py", ".html", ".txt"),
        [SITE / each for each in ("config", "core", "templates")],
    )
    return [
        Catalog("django", PACKAGE, _texts([PACKAGE], of_django)),
        Catalog("djangojs", PACKAGE, _texts([SCRIPTS], (".js",))),
        Catalog("django", SITE, _texts(site, of_django)),
    ]


def _texts(folders: list[Path], suffixes: tuple[str, ...]) -> frozenset[Text]:
    paths = [path for folder in folders for path in folder.rglob("*") if path.suffix in suffixes]
    return frozenset(text for path in paths for text in EXTRACT[path.suffix](path))


def read(catalog: Catalog, language: str) -> polib.POFile:
    """Return the catalog with the texts that there are, each with its translation where it has one."""
    path, old = catalog.path(language), {}
    if path.exists():
        old = {each.msgid: each for each in polib.pofile(str(path)) if not each.obsolete}
    made = polib.POFile(wrapwidth=120)
    made.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    # What a number decides in one place, and nothing in another, has its forms.
    for one, many in sorted(dict(sorted(catalog.texts)).items()):
        entry = polib.POEntry(msgid=one, msgid_plural=many)
        known = old.get(one)
        if many:
            forms = known.msgstr_plural if known else {}
            entry.msgstr_plural = {i: forms.get(i, "") for i in range(len(CATEGORIES[language]))}
        elif known:
            entry.msgstr = known.msgstr
        if known:
            entry.flags = [flag for flag in known.flags if flag == "fuzzy"]
        made.append(entry)
    return made


def wrong(entry: polib.POEntry) -> str:
    """Return what is to be done about a text: the empty string where it is well translated."""
    forms = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    if entry.fuzzy:
        return "fuzzy"
    if not all(forms):
        return "not translated"
    *few, last = (sorted(_KEPT.findall(form)) for form in forms)
    needed = sorted(_KEPT.findall(entry.msgid_plural or entry.msgid))
    # "One of them": a form that is of one number alone need not name it.
    if last != needed or not all(set(each) <= set(needed) for each in few):
        return f"has not {needed}"
    return ""


def compiled(made: polib.POFile) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "django.mo")
        made.save_as_mofile(str(path))
        return path.read_bytes()


def script(made: polib.POFile, language: str) -> str:
    """Return what a page in that language loads before the package's script; see js/src/words/gettext.js."""
    texts = {
        each.msgid: dict(zip(CATEGORIES[language], each.msgstr_plural.values(), strict=True))
        if each.msgid_plural
        else each.msgstr
        for each in made
        if not wrong(each)
    }
    words = json.dumps(
        {"language": language, "texts": texts}, ensure_ascii=False, separators=(",", ":")
    )
    return (
        "/* django-bellhop, BSD-3-Clause. Made by packages/languages.py of djangojs.po; edit there. */\n"
        f'document[Symbol.for("bellhop.words")]={words};\n'
    )


def files() -> Iterator[tuple[Path, bytes, list[str]]]:
    """Yield each file that is made, what is in it, and what is wrong with that."""
    for catalog in catalogs():
        for language in PLURALS:
            made, path = read(catalog, language), catalog.path(language)
            faults = [f"{each.msgid!r}: {why}" for each in made if (why := wrong(each))]
            yield path, str(made).encode(), faults
            if catalog.name == "django":
                yield path.with_suffix(".mo"), compiled(made), []
            else:
                served = PACKAGE / f"static/bellhop/words.{language}.js"
                yield served, script(made, language).encode(), []


def main(arguments: list[str]) -> int:
    is_check, faults = "--check" in arguments, 0
    for path, content, to_do in files():
        shown = path.relative_to(ROOT)
        is_stale = not path.exists() or path.read_bytes() != content
        if is_stale and is_check:
            print(f"{shown}: not made from these sources: python packages/languages.py")
        elif is_stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            print(f"{shown}: written")
        for line in to_do:
            print(f"{shown}: {line}")
        faults += len(to_do) + (is_check and is_stale)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
