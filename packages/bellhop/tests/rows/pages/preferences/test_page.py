"""The page of preferences in somebody else's project: what it shows, and what its forms do, without JavaScript."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from bellhop.kinds import Kind, registry
from bellhop.models import Notification, Preferences, Refusal
from bellhop.notify import notify
from bellhop.preferences.choices import EVERY, choices_of, choose, effective, mute, muted_until
from rows.pages.conftest import TEMPLATES, engine
from rows.pages.preferences.conftest import NOON, PAGE, Page

pytestmark = pytest.mark.django_db


def goes(user: User, kind: str, channel: Any) -> bool:
    return effective(registry.find(kind), channel, choices_of(user.pk))


def test_it_is_the_content_of_the_projects_own_base_and_leads_back_to_the_list(
    browser: Client,
) -> None:
    page = Page(browser)
    assert page.html.startswith("<html><title>Notification preferences</title>")
    assert page.html.rstrip().endswith("</html>")
    assert '<a class="bellhop-newer" href="/notifications/">Notifications</a>' in page.html
    assert f'href="{PAGE}">Preferences</a>' in browser.get("/notifications/").content.decode()


def test_a_project_with_other_blocks_includes_the_content(browser: Client, project: Any) -> None:
    project.TEMPLATES = [
        engine(
            {
                "layout.html": "<main>{% block main %}{% endblock %}</main>",
                "bellhop/preferences.html": '{% extends "layout.html" %}{% block main %}'
                '{% include "bellhop/preferences_content.html" %}{% endblock %}',
            }
        )
    ]
    assert Page(browser).html.lstrip().startswith("<main>")
    assert Page(browser, f"{PAGE}erase/").html.lstrip().startswith("<main>")


def test_in_a_base_that_would_not_show_it_it_is_not(browser: Client, project: Any) -> None:
    project.TEMPLATES = [engine({"base.html": "<p>theirs</p>{% block main %}{% endblock %}"})]
    html = Page(browser).html
    assert "theirs" not in html
    assert "<!doctype html>" in html


def test_nothing_in_it_is_inline_or_named_without_our_prefix(browser: Client) -> None:
    html = Page(browser).html
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]* src=)", html)
    names = {name for given in re.findall(r'class="([^"]*)"', html) for name in given.split()}
    assert [name for name in names if not name.startswith("bellhop-")] == []
    ids = re.findall(r'\sid="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    for given in re.findall(r'aria-(?:labelledby|describedby)="([^"]*)"', html):
        assert set(given.split()) <= set(ids), given


def test_each_kind_has_its_label_and_its_switches_and_what_cannot_be_muted_says_so(
    browser: Client,
) -> None:
    page = Page(browser)
    assert "Orders &amp; &lt;returns&gt;" in page.html
    assert page.row("order").startswith("> Orders & <returns> In the list As a toast For how long")
    assert page.row("alarm").startswith("> Alarms In the list: Always As a toast: Always Cannot")
    assert "Cannot be muted" in page.row("alarm")
    assert "Cannot be muted" not in page.row("order")
    assert [each for each in page.fields("shown") if each.startswith("alarm")] == []
    on = [each for each in page.fields("on") if each.split(":")[0] in ("order", "news", "alarm")]
    assert on == ["order:inbox", "order:toast", "news:inbox"]


def test_a_switch_that_is_moved_is_kept_and_no_other_one_is_and_nobody_elses(
    browser: Client, user: User, other: User
) -> None:
    page = Page(browser).switch(order_toast=False, news_toast=True)
    assert page.said == "Saved."
    assert "order:toast" not in page.fields("on")
    assert choices_of(user.pk).channels == {"order": {"toast": False}, "news": {"toast": True}}
    assert choices_of(other.pk).channels == {}


def test_the_desktop_is_a_column_only_where_a_kind_goes_there(
    browser: Client, user: User, kinds: Any
) -> None:
    choose(user.pk, "order", "desktop", True)
    page = Page(browser)
    assert "desktop" not in page.html
    # What was chosen by the API stays.
    page.switch(order_toast=False)
    assert goes(user, "order", "desktop")
    kinds(Kind("siren", can_be_muted=False, channels={"inbox", "desktop"}))
    page = Page(browser)
    assert '<div role="columnheader">On the desktop</div>' in page.html
    assert "As a toast On the desktop" in page.row("order")
    assert "siren:desktop" in page.fields("on")
    page.switch(order_desktop=False, siren_desktop=False)
    assert not goes(user, "order", "desktop")
    assert not goes(user, "siren", "desktop")


def test_what_is_ticked_beside_an_unticked_list_is_said_to_do_nothing(
    browser: Client, user: User
) -> None:
    words = "Not in the list, so nowhere else either"
    page = Page(browser)
    assert words not in page.html
    page = page.switch(order_inbox=False, news_inbox=False)
    assert words in page.row("order")
    assert page.html.count(words) == 1
    (toast,) = re.findall(r'<input[^>]* value="order:toast"[^>]* aria-[^>]*>', page.html)
    (note,) = re.findall(rf'id="([^"]*)">{words}<', page.html)
    assert f'aria-describedby="{note}"' in toast
    assert words not in page.switch(order_toast=False).html


def test_a_switch_that_was_moved_in_another_tab_stays_as_it_is_there(
    browser: Client, user: User
) -> None:
    old = Page(browser)
    Page(browser).switch(order_toast=False)
    old.switch(news_toast=True)
    assert not goes(user, "order", "toast")
    assert goes(user, "news", "toast")


@pytest.mark.parametrize(
    ("duration", "length"),
    [("1h", timedelta(hours=1)), ("8h", timedelta(hours=8)), ("1d", timedelta(days=1)), ("1w", timedelta(weeks=1))],
)  # fmt: skip
def test_a_kind_is_muted_for_so_long_and_then_comes_back(
    browser: Client,
    user: User,
    set_clock: Callable[[datetime], None],
    duration: str,
    length: timedelta,
) -> None:
    page = Page(browser).send(do="mute", kind="order", **{"for": duration})
    assert "Muted until" in page.row("order")
    assert page.said.startswith("“Orders & <returns>” is muted until ")
    assert muted_until("order", choices_of(user.pk), NOON) == NOON + length
    assert "Muted" not in page.row("news")
    set_clock(NOON + length)
    assert "Muted" not in Page(browser).row("order")


def test_a_kind_is_muted_until_it_is_turned_on_again(
    browser: Client, user: User, set_clock: Callable[[datetime], None]
) -> None:
    page = Page(browser).send(do="mute", kind="order", **{"for": "always"})
    assert page.said == "“Orders & <returns>” is muted until you turn it on again."
    set_clock(NOON + timedelta(days=5000))
    browser.force_login(user, "django.contrib.auth.backends.ModelBackend")
    page = Page(browser)
    assert "Muted until you turn it on again Turn on" in page.row("order")
    page = page.send(do="unmute", kind="order")
    assert page.said == "“Orders & <returns>” is on again."
    assert "Muted" not in page.row("order")
    assert muted_until("order", choices_of(user.pk), NOON) is None


def test_everything_is_muted_in_one_place_and_the_kinds_keep_their_own(
    browser: Client, user: User
) -> None:
    page = Page(browser).send(do="mute", kind="*", **{"for": "1h"})
    assert page.said.startswith("Everything is muted until ")
    assert muted_until(EVERY, choices_of(user.pk), NOON) == NOON + timedelta(hours=1)
    assert "Muted" not in page.row("order")
    page = page.send(do="unmute", kind="*")
    assert page.said == "Everything is on again."
    assert muted_until("order", choices_of(user.pk), NOON) is None


def test_moments_are_in_the_zone_that_is_chosen_else_in_the_sites_and_name_it(
    browser: Client, user: User, settings: Any
) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    mute(user.pk, "order", NOON + timedelta(hours=6))
    page = Page(browser)
    assert "Muted until 28 Nov 2026, 03:00 (Asia/Tokyo)" in page.row("order")
    # A browser may know better.
    assert '<time datetime="2026-11-27T18:00:00Z" data-moment>' in page.html
    page = Page(browser).send(do="quiet", until="07:00", zone="Europe/Berlin", **{"from": "22:00"})
    assert "Muted until 27 Nov 2026, 19:00 (Europe/Berlin)" in page.row("order")
    page = page.send(do="no-quiet")
    assert "Muted until 27 Nov 2026, 19:00 (Europe/Berlin)" in page.row("order")
    assert '<time datetime="2026-11-27T18:00:00Z">' in page.html
    assert "data-moment" not in page.html
    page = page.send(do="mute", kind="news", **{"for": "1h"})
    assert page.said == "“News” is muted until 27 Nov 2026, 14:00 (Europe/Berlin)."
    Preferences.objects.update(time_zone="Gone/Zone")
    assert "Muted until 28 Nov 2026, 03:00 (Asia/Tokyo)" in Page(browser).row("order")


@pytest.mark.django_db(transaction=True)
def test_what_was_kept_out_is_said_with_its_kind_and_what_has_none_together(
    browser: Client, user: User, other: User
) -> None:
    Page(browser).send(do="mute", kind="*", **{"for": "always"})
    for kind in ("order", "order", "plain"):
        assert notify(user, "no", kind=kind).is_refused
    Refusal.objects.create(user=other, kind="order", count=77, latest=NOON)
    page = Page(browser)
    assert "2 were kept out, the last one on 27 Nov 2026, 12:00 (UTC)" in page.row("order")
    assert "kept out" not in page.row("news")
    assert "1 of other kinds was kept out" in " ".join(page.html.split())
    assert "you only see how many there were. Those that cannot be muted still arrive." in page.html
    assert "77 were" not in page.html
    assert not Notification.objects.exists()


def test_a_form_of_somebody_elses_page_changes_nothing(
    browser: Client, user: User, other: User
) -> None:
    page = Page(browser)
    browser.force_login(other, "django.contrib.auth.backends.ModelBackend")
    forms: list[dict[str, Any]] = [
        {"do": "mute", "kind": "order", "for": "1h"},
        {"do": "quiet", "from": "22:00", "until": "07:00", "zone": "UTC"},
        {"do": "channels", "shown": ["order:toast"], "was": ["order:toast"], "on": []},
        {"to": f"{PAGE}erase/"},
        {"to": f"{PAGE}download/"},
    ]
    Notification.objects.create(recipient=other, seq=1, message="mine")
    for form in forms:
        assert "Somebody else signed in" in page.send(**form).said
    for person in (user, other):
        assert choices_of(person.pk) == choices_of(0)
    assert Notification.objects.count() == 1


@pytest.mark.parametrize(
    "form",
    [{}, {"do": "dance"}, {"do": "mute", "kind": "order"}, {"do": "mute", "kind": "order", "for": "9h"},
     {"do": "mute", "for": "1h"}, {"do": "unmute"}],
)  # fmt: skip
def test_a_form_that_is_none_of_the_pages_is_400(browser: Client, form: Any) -> None:
    assert browser.post(PAGE, form).status_code == 400


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"do": "mute", "kind": "gone", "for": "1h"}, "there is no kind 'gone'"),
        ({"do": "mute", "kind": "alarm", "for": "1h"}, "'alarm' cannot be muted"),
        ({"do": "unmute", "kind": "gone"}, "there is no kind 'gone'"),
        ({"shown": ["news:toast", "gone:toast"], "on": ["news:toast", "gone:toast"]}, "there is no kind"),
        ({"shown": ["news:toast", "news:fax"], "on": ["news:toast", "news:fax"]}, "one of inbox"),
        ({"shown": ["news:toast", "alarm:toast"], "was": ["alarm:toast"], "on": ["news:toast"]}, "cannot be muted"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_nothing_is_changed_at_all(
    browser: Client, user: User, form: Any, sentence: str
) -> None:
    page = Page(browser).send(**{"do": "channels", **form})
    assert page.said.startswith("Nothing was changed: ")
    assert sentence in page.said
    assert 'role="alert" data-error="true"' in page.html
    assert choices_of(user.pk) == choices_of(0)


def test_strangers_are_led_to_the_login_and_a_form_needs_its_token(browser: Client) -> None:
    stranger = Client()
    for url in (PAGE, f"{PAGE}erase/"):
        assert stranger.get(url)["Location"].startswith("/login/?next=")
    for url in (PAGE, f"{PAGE}erase/", f"{PAGE}download/"):
        assert stranger.post(url)["Location"].startswith("/login/?next=")
        browser.handler.enforce_csrf_checks = True
        assert browser.post(url, {"do": "mute", "kind": "*", "for": "1h"}).status_code == 403
    assert "no-store" in Client.get(browser, PAGE)["Cache-Control"]


def test_djangos_messages_say_it_once_whether_the_base_shows_them_or_not(
    browser: Client, project: Any
) -> None:
    project.MIDDLEWARE = [
        *project.MIDDLEWARE,
        "django.contrib.messages.middleware.MessageMiddleware",
    ]
    processors = ["django.contrib.messages.context_processors.messages"]
    project.TEMPLATES = [engine(TEMPLATES, *processors)]
    page = Page(browser).send(do="mute", kind="order", **{"for": "always"})
    assert page.html.count("is muted until you") == 1
    assert "is muted until you" in page.said
    assert "is muted until you" not in Page(browser).html
    shows = "{% for each in messages %}[{{ each }}]{% endfor %}" + TEMPLATES["base.html"]
    project.TEMPLATES = [engine({"base.html": shows}, *processors)]
    page = page.send(do="unmute", kind="order")
    assert page.html.startswith("[“Orders &amp; &lt;returns&gt;” is on again.]")
    assert page.said == ""


def test_the_page_asks_as_many_queries_however_many_kinds_there_are(
    browser: Client, kinds: Any, django_assert_num_queries: Any
) -> None:
    from bellhop.kinds import Kind

    kinds(*(Kind(f"kind.{number}") for number in range(50)))
    # Session, user, choices, refusals.
    with django_assert_num_queries(4):
        browser.get(PAGE)
