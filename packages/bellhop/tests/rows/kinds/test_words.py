"""Words: made of facts in the language of who receives them, and never at the price of a notification."""

import time
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import translation
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy, override

from bellhop import frame_from_row
from bellhop.contract import FRAME_BYTES
from bellhop.kinds import Kind
from bellhop.kinds.templates import compiled
from bellhop.kinds.words import label
from bellhop.models import Notification
from bellhop.notify import notify
from rows.conftest import Kinds, Rings
from rows.kinds import catalogue

GERMAN = {
    "Orders": "Bestellungen",
    "Order {{ number }} is paid": "Bestellung {{ number }} ist bezahlt",
    "Broken {{ number }}": "Kaputt {% if %}",
}


def shown(kind: str = "order", **columns: Any) -> Any:
    return frame_from_row.fields(Notification(recipient_id=1, seq=1, kind=kind, **columns))


def failures(lines: list[Any]) -> list[tuple[str, str]]:
    return [(line["about"], line["field"]) for line in lines if line["event"] == "words_failed"]


def test_a_template_has_each_fact_by_its_name(kinds: Kinds) -> None:
    kinds(
        Kind(
            "order",
            message="Order {{ number }} is {% if paid %}paid{% else %}open{% endif %}",
            body="{% for each in things %}{{ each.name }};{% endfor %} {{ missing }}",
        )
    )
    data = {"number": 7, "paid": True, "things": [{"name": "Tea & <b>milk</b>"}, {"name": "Rye"}]}
    found = shown(data=data)
    assert found["message"] == "Order 7 is paid"
    # Nothing is escaped, since nothing is ever shown as HTML.
    assert found["body"] == "Tea & <b>milk</b>;Rye; "


def test_a_function_gets_the_facts(kinds: Kinds) -> None:
    kinds(Kind("order", message=lambda facts: f"Order {facts['number']}", body=len_of_facts))
    assert (shown(data={"number": 7})["message"], shown(data={"number": 7})["body"]) == (
        "Order 7", "1 facts",
    )  # fmt: skip


def len_of_facts(facts: Any) -> str:
    return f"{len(facts)} facts"


def test_what_the_caller_wrote_is_not_replaced(kinds: Kinds) -> None:
    kinds(Kind("order", message="of the kind", body="of the kind"))
    found = shown(message="of the caller", body="too")
    assert (found["message"], found["body"]) == ("of the caller", "too")


def raises(facts: Any) -> str:
    raise RuntimeError("broken")


NO_TEXT: list[tuple[str, Any]] = [
    ("raises", raises),
    ("a missing fact", lambda facts: facts["nothing"]),
    ("None", lambda facts: None),
    ("bytes", lambda facts: b"bytes"),
    ("a number", lambda facts: 7),
    ("exits", lambda facts: {}.missing),
    ("no end", lambda facts: raises_recursion()),
    ("an argument too many", lambda facts, more: "text"),
    ("a template that raises", "{% include 'nothing.html' %}"),
    ("a template that cannot be read", "{% if %}"),
    ("lazy text that raises", lambda facts: lazystr(Unspeakable())),
]


class Unspeakable:
    def __str__(self) -> str:
        raise RuntimeError("unspeakable")


def raises_recursion() -> str:
    return raises_recursion()


@pytest.mark.parametrize(
    "words", [words for _, words in NO_TEXT], ids=[name for name, _ in NO_TEXT]
)
def test_words_that_give_no_text_fall_back_with_one_line_in_the_log(
    kinds: Kinds, lines: list[Any], words: Any
) -> None:
    kinds(Kind("order", label="Orders", message=words, body=words))
    found = [shown(data={"number": 7}) for _ in range(3)]
    assert {(each["message"], each["body"]) for each in found} == {("Orders", "")}
    assert failures(lines) == [("order", "message")]


def test_another_kinds_failure_has_a_line_of_its_own(kinds: Kinds, lines: list[Any]) -> None:
    kinds(Kind("order", message=raises), Kind("news", message=raises))
    for kind in ("order", "news", "order"):
        shown(kind)
    assert failures(lines) == [("order", "message"), ("news", "message")]


@pytest.mark.parametrize(
    ("text", "message", "body"),
    [
        ("<b>bold</b> &amp;", "<b>bold</b> &amp;", "<b>bold</b> &amp;"),
        ("a\x00b\x1b[31m\x7f", "ab[31m", "ab[31m"),
        ("two\r\nlines\tand a tab", "two lines and a tab", "two\r\nlines\tand a tab"),
        ("\u202egnp.exe", "gnp.exe", "gnp.exe"),
        ("half \ud800 a pair", "half a pair", "half  a pair"),
        (" \n ", "Orders", " \n "),
        ("", "Orders", ""),
    ],
)
@pytest.mark.parametrize("as_template", [True, False])
def test_words_are_plain_text(
    kinds: Kinds, lines: list[Any], text: str, message: str, body: str, as_template: bool
) -> None:
    words: Any = "{{ text }}" if as_template else lambda facts: facts["text"]
    kinds(Kind("order", label="Orders", message=words, body=words))
    found = frame_from_row.frame(
        Notification(recipient_id=1, seq=1, kind="order", data={"text": text.replace("\ud800", "")})
    )
    if "\ud800" not in text:
        assert (found["message"], found["body"]) == (message, body)
    kinds(Kind("odd", label="Orders", message=lambda facts: text, body=lambda facts: text))
    odd = shown("odd")
    assert (odd["message"], odd["body"]) == (message, body)
    assert failures(lines) == []


@pytest.mark.django_db(transaction=True)
def test_a_megabyte_of_words_is_cut_and_its_notification_is_saved(
    kinds: Kinds, rings: Rings, user: User
) -> None:
    kinds(Kind("order", message=lambda facts: "m" * 10**6, body=lambda facts: "ß" * 10**6))
    row = notify(user, kind="order", data={"number": 7})
    # Of the processor's time, which others do not lengthen.
    begun = time.thread_time()
    found = frame_from_row.frame(row)
    assert time.thread_time() - begun < 5
    size = len(frame_from_row._dumps(found).encode())
    assert FRAME_BYTES - 8 < size <= FRAME_BYTES
    assert found["data"] == {"number": 7}
    assert found["message"].endswith("m…")
    assert found["body"].endswith("ß…")
    with pytest.raises(ValueError, match="bytes as a frame"):
        notify(user, kind="order", data={"number": "7" * FRAME_BYTES})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("words", [raises, "{% if %}", lambda facts: None])
def test_a_row_whose_words_fail_is_saved_told_and_rung(
    kinds: Kinds, rings: Rings, user: User, words: Any
) -> None:
    kinds(Kind("order", label="Orders", message=words, body=words, thread=words))
    row = notify(user, kind="order")
    assert (row.seq, row.thread, rings.rung()) == (1, "", [str(row.pk)])


def test_words_cannot_change_the_facts_of_the_frame(kinds: Kinds) -> None:
    def greedy(facts: Any) -> str:
        facts["secret"] = 1
        return str(facts.pop("number"))

    kinds(Kind("order", message=greedy))
    found = shown(data={"number": 7})
    assert (found["message"], found["data"]) == ("7", {"number": 7})


def test_a_kind_without_words_shows_its_label_or_its_name(kinds: Kinds) -> None:
    kinds(Kind("order", label="Orders"), Kind("order.paid_late"))
    assert [shown(name)["message"] for name in ("order", "order.paid_late", "x.y", "\x07")] == [
        "Orders", "Order paid late", "x.y", "Notification",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("summary", "message"),
    [
        (None, "12 \u00d7 Orders"),
        ("{{ count }} more orders", "12 more orders"),
        (lambda count: f"{count + 1} orders", "13 orders"),
        (raises, "12 \u00d7 Orders"),
        ("{% if %}", "12 \u00d7 Orders"),
    ],
)  # fmt: skip
def test_a_summary_says_how_many(kinds: Kinds, summary: Any, message: str) -> None:
    kinds(Kind("order", label="Orders", message="of one", body="of one", summary=summary))
    found = shown(sums_up=12)
    assert (found["message"], found["body"], found["count"]) == (message, "", 12)


@pytest.fixture
def _german(settings: Any, tmp_path: Path) -> None:
    catalogue.write(tmp_path, "de", GERMAN)
    # Django reads its catalogues anew when a test overrides these.
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français")]
    settings.LOCALE_PATHS = [tmp_path]


@pytest.mark.usefixtures("_german")
@pytest.mark.parametrize("active", ["en", "de", None])
def test_words_are_made_in_the_language_of_the_row_whatever_is_active(
    kinds: Kinds, active: str | None
) -> None:
    kinds(
        Kind(
            "order",
            label=gettext_lazy("Orders"),
            message=gettext_lazy("Order {{ number }} is paid"),
            body=lambda facts: gettext_lazy("Orders"),
        )
    )
    with override(active):
        was = translation.get_language()
        found = {
            language: shown(data={"number": 7}, language=language)
            for language in ("de", "", "en", "de-at", "xx", "../../etc", "x" * 35)
        }
        assert translation.get_language() == was
    said = {language: each["message"] for language, each in found.items()}
    assert (said.pop("de"), said.pop("de-at")) == ("Bestellung 7 ist bezahlt",) * 2
    assert set(said.values()) == {"Order 7 is paid"}
    assert (found["de"]["body"], found["en"]["body"]) == ("Bestellungen", "Orders")


@pytest.mark.usefixtures("_german")
def test_a_label_is_in_the_language_of_who_looks(kinds: Kinds) -> None:
    kind = Kind("order", label=gettext_lazy("Orders"))
    with override("de"):
        assert label(kind) == "Bestellungen"
    with override("en"):
        assert label(kind) == "Orders"


@pytest.mark.usefixtures("_german")
def test_a_translation_that_cannot_be_read_falls_back_in_that_language_alone(
    kinds: Kinds, lines: list[Any]
) -> None:
    kinds(Kind("order", label=gettext_lazy("Orders"), message=gettext_lazy("Broken {{ number }}")))
    assert shown(data={"number": 7}, language="en")["message"] == "Broken 7"
    assert failures(lines) == []
    assert shown(data={"number": 7}, language="de")["message"] == "Bestellungen"
    assert failures(lines) == [("order", "message")]


def test_without_translations_words_are_made_all_the_same(kinds: Kinds, settings: Any) -> None:
    settings.USE_I18N = False
    kinds(Kind("order", message=gettext_lazy("Order {{ number }} is paid")))
    for language in ("", "en", "de", "nonsense"):
        assert shown(data={"number": 7}, language=language)["message"] == "Order 7 is paid"


def test_a_template_is_compiled_once(kinds: Kinds) -> None:
    kinds(Kind("order", message="Once {{ number }}"))
    before = compiled.cache_info()
    for number in range(5):
        assert shown(data={"number": number})["message"] == f"Once {number}"
    after = compiled.cache_info()
    assert (after.misses - before.misses, after.hits - before.hits) == (1, 4)


def test_filters_and_the_tags_of_languages_are_there(kinds: Kinds) -> None:
    kinds(Kind("order", message="{% load i18n l10n tz %}{{ name|upper }} {% translate 'Yes' %}"))
    assert shown(data={"name": "ada"}, language="en")["message"] == "ADA Yes"
