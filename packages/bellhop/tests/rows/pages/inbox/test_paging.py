"""From page to page, both ways, and the pages on which nothing is."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from bellhop.models import Inbox, Notification
from rows.pages.conftest import add
from rows.pages.inbox.document import Page

pytestmark = pytest.mark.django_db

FOUR = {"first", "caught-up", "filter", "archive"}


def many(user: User, count: int, **columns: str) -> None:
    inbox, _ = Inbox.objects.get_or_create(user=user)
    first = inbox.last_seq + 1
    Notification.objects.bulk_create(
        Notification(recipient=user, seq=seq, message=f"number {seq}", **columns)
        for seq in range(first, first + count)
    )


def seqs(page: Page) -> list[int]:
    return [int(row["data-seq"]) for row in page.rows]


def empty(page: Page) -> str:
    """Return which of the four is seen; the empty string for none."""
    variants = page.root.all(data_empty=None)
    assert {each["data-empty"] for each in variants} == FOUR
    return "".join(each["data-empty"] for each in variants if not each.is_hidden)


def test_older_and_newer_lead_through_all_and_back_without_a_gap(
    browser: Client, user: User
) -> None:
    many(user, 120)
    page, found = Page(browser), []
    found += seqs(page)
    assert page.root.one("a", data_newer=None).is_hidden
    for _ in range(2):
        page = page.follow(page.root.one("a", data_older=None))
        found += seqs(page)
    assert found == list(range(120, 0, -1))
    assert page.root.one("a", data_older=None).is_hidden
    page = page.follow(page.root.one("a", data_newer=None))
    assert seqs(page) == list(range(70, 20, -1))


def test_back_at_the_top_it_is_the_newest_page_which_goes_on_growing(
    browser: Client, user: User
) -> None:
    many(user, 60)
    page = Page(browser)
    page = page.follow(page.root.one("a", data_older=None))
    page = page.follow(page.root.one("a", data_newer=None))
    assert page.url == "/notifications/"
    assert page.root.one("bellhop-inbox")["data-newest"] == "true"
    assert seqs(page) == list(range(60, 10, -1))


def test_pages_keep_the_view_the_kind_and_the_search(browser: Client, user: User) -> None:
    many(user, 60, kind="order")
    page = Page(browser, "/notifications/?view=unread&kind=order&q=number")
    older = page.root.one("a", data_older=None)
    assert older["href"] == "/notifications/?view=unread&kind=order&q=number&before=11"
    assert seqs(page.follow(older)) == list(range(10, 0, -1))


def test_a_page_whose_rows_have_all_gone_leads_back(browser: Client, user: User) -> None:
    many(user, 60)
    Notification.objects.filter(seq__lte=10).update(archived_at=timezone.now())
    page = Page(browser, "/notifications/?before=11")
    assert seqs(page) == []
    assert page.follow(page.root.one("a", data_newer=None)).url == "/notifications/"


def test_where_nothing_ever_came_it_says_what_to_expect(browser: Client) -> None:
    page = Page(browser)
    assert empty(page) == "first"
    assert page.root.one("div", data_bulk=None).is_hidden


def test_where_all_is_archived_it_leads_there(browser: Client, user: User) -> None:
    add(user, "one")
    Notification.objects.update(archived_at=timezone.now())
    page = Page(browser)
    assert empty(page) == "caught-up"
    assert page.follow(page.link("Archived notifications")).messages == ["one"]


def test_where_all_is_read_it_leads_to_all(browser: Client, user: User) -> None:
    add(user, "one")
    Notification.objects.update(read_at=timezone.now())
    page = Page(browser, "/notifications/?view=unread")
    assert empty(page) == "caught-up"
    assert page.follow(page.link("All notifications")).messages == ["one"]


def test_where_nothing_is_found_the_search_can_be_cleared(browser: Client, user: User) -> None:
    add(user, "one")
    page = Page(browser, "/notifications/?q=two")
    assert empty(page) == "filter"
    (way_out,) = [
        link for link in page.root.all("a", class_="bellhop-button") if not link.is_hidden
    ]
    assert page.follow(way_out).messages == ["one"]


def test_where_nothing_is_of_a_kind_all_kinds_are_a_way_out(browser: Client, user: User) -> None:
    add(user, "one")
    page = Page(browser, "/notifications/?kind=order")
    assert empty(page) == "filter"
    (way_out,) = [
        link for link in page.root.all("a", class_="bellhop-button") if not link.is_hidden
    ]
    assert way_out.text == "All kinds"
    assert page.follow(way_out).messages == ["one"]


def test_an_empty_archive_says_what_it_is_for(browser: Client, user: User) -> None:
    add(user, "one")
    page = Page(browser, "/notifications/?view=archived")
    assert empty(page) == "archive"
    assert page.follow(page.link("All notifications")).messages == ["one"]


def test_where_something_is_listed_none_of_them_is_seen(browser: Client, user: User) -> None:
    add(user, "one")
    assert empty(Page(browser)) == ""
