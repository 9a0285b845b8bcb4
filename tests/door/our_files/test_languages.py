"""Every text that a person reads is in the catalogs, translated, and what is served was made of these."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import polib
import pytest
from conftest import REPOSITORY

PROGRAM = REPOSITORY / "packages/languages.py"


@pytest.fixture(scope="module")
def languages() -> ModuleType:
    sys.path.insert(0, str(PROGRAM.parent))
    try:
        spec = importlib.util.spec_from_file_location("languages", PROGRAM)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["languages"] = module
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(PROGRAM.parent))
    return module


def test_every_text_is_translated_and_what_is_served_is_made_of_that() -> None:
    done = subprocess.run(
        [sys.executable, PROGRAM, "--check"], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr


def bells(one: str, many: str) -> polib.POEntry:
    return polib.POEntry(
        msgid="{n} bell", msgid_plural="{n} bells", msgstr_plural={0: one, 1: many}
    )


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (polib.POEntry(msgid="Save", msgstr="Speichern"), ""),
        (polib.POEntry(msgid="Save", msgstr=""), "not translated"),
        (polib.POEntry(msgid="Save", msgstr="Sichern", flags=["fuzzy"]), "fuzzy"),
        (polib.POEntry(msgid="By %(name)s", msgstr="Von %(nam)s"), "has not"),
        (polib.POEntry(msgid="By {name}", msgstr="Von"), "has not"),
        (polib.POEntry(msgid="A <b>bell</b>", msgstr="Eine <b>Glocke"), "has not"),
        (bells("Eine Glocke", "{n} Glocken"), ""),
        (bells("Eine Glocke", "Glocken"), "has not"),
        (bells("", "{n} Glocken"), "not translated"),
    ],
)
def test_a_translation_says_all_that_its_source_says(
    languages: ModuleType, entry: polib.POEntry, why: str
) -> None:
    found = languages.wrong(entry)
    assert found.startswith(why) if why else found == ""


CODE = """
gettext("One " "text")
ngettext("%(n)s bell", "%(n)s bells", n)
other("no")
"""
TEMPLATE = """{% load i18n %}{% translate 'One' %}{{ _('Two')|upper }}
{# {% translate 'no' %} #}{% blocktranslate count n=n %}{{ n }} bell{% plural %}{{ n }} bells{% endblocktranslate %}
"""
MODULE = """import { n, t } from "../words/gettext.js";
/** t("no") */
// t("no")
t("One"); n("{n} bell", "{n} bells", 2, { x: t('Two') }); at("no"); x.t("no");
"""


@pytest.mark.parametrize(
    ("name", "source", "texts"),
    [
        ("a.py", CODE, {("One text", ""), ("%(n)s bell", "%(n)s bells")}),
        ("a.html", TEMPLATE, {("One", ""), ("Two", ""), ("%(n)s bell", "%(n)s bells")}),
        ("a.js", MODULE, {("One", ""), ("Two", ""), ("{n} bell", "{n} bells")}),
        ("a.js", 'const t = (x) => x;\nt("of another function");', set()),
    ],
)
def test_the_texts_of_a_source_are_found(
    languages: ModuleType, tmp_path: Path, name: str, source: str, texts: set[tuple[str, str]]
) -> None:
    path = tmp_path / name
    path.write_text(source)
    assert set(languages.EXTRACT[path.suffix](path)) == texts


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a.py", 'gettext(f"By {name}")'),
        ("a.js", 'import { t } from "./gettext.js";\nt(text);'),
        ("a.js", 'import { t } from "./gettext.js";\nt("By " + name);'),
    ],
)
def test_a_text_that_is_put_together_is_refused(
    languages: ModuleType, tmp_path: Path, name: str, source: str
) -> None:
    path = tmp_path / name
    path.write_text(source)
    with pytest.raises(ValueError, match="no text"):
        set(languages.EXTRACT[path.suffix](path))
