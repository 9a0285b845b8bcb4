"""Views, kinds and search: which notifications are listed, and what "all" means there."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from bellhop.kinds import Kind
from bellhop.models import Inbox, Notification
from rows.conftest import Kinds
from rows.pages.conftest import add
from rows.pages.inbox.document import Page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _listed(user: User, kinds: Kinds) -> None:
    kinds(Kind("order", label="Orders"))
    add(user, "old message")
    add(user, "read order", kind="order")
    add(user, "new order", kind="order", body="It weighs 3 kg.")
    add(user, "archived order", kind="order")
    now = timezone.now()
    Notification.objects.filter(message="read order").update(read_at=now)
    Notification.objects.filter(message="archived order").update(archived_at=now)


def tabs(page: Page) -> dict[str, str]:
    """Return the count that each view shows."""
    (views,) = page.root.all("nav", data_views=None)
    return {tab["data-view"]: tab.one(data_count=None).text for tab in views.all("a")}


def chips(page: Page) -> list[str]:
    return [chip.text for chip in page.root.all("a", data_kind_chip=None) if not chip.is_hidden]


def test_each_view_lists_what_is_its_own(browser: Client) -> None:
    page = Page(browser)
    assert page.messages == ["new order", "read order", "old message"]
    assert page.follow(page.link("Unread 2")).messages == ["new order", "old message"]
    assert page.follow(page.link("Archived 1")).messages == ["archived order"]


def test_views_show_how_much_they_hold_and_which_one_this_is(browser: Client) -> None:
    page = Page(browser, "/notifications/?view=unread")
    assert tabs(page) == {"inbox": "3", "unread": "2", "archived": "1"}
    current = page.root.all("a", aria_current="page")
    assert [each["data-view"] for each in current] == ["unread"]


def test_a_view_with_a_hundred_shows_that_it_has_more_than_can_be_counted(
    browser: Client, user: User
) -> None:
    inbox = Inbox.objects.get(pk=user.pk)
    seqs = range(inbox.last_seq + 1, inbox.last_seq + 121)
    Notification.objects.bulk_create(Notification(recipient=user, seq=seq) for seq in seqs)
    assert tabs(Page(browser)) == {"inbox": "99+", "unread": "99+", "archived": "1"}


def test_kinds_that_are_there_can_be_chosen_by_what_they_are_called(browser: Client) -> None:
    page = Page(browser)
    assert chips(page) == ["All kinds", "Messages", "Orders"]
    page = page.follow(page.link("Orders"))
    assert page.messages == ["new order", "read order"]
    (current,) = page.root.all("a", aria_current="true")
    assert current.text == "Orders"
    assert page.follow(page.link("All kinds")).messages == [
        "new order",
        "read order",
        "old message",
    ]


def test_where_there_is_one_kind_there_is_nothing_to_choose(browser: Client) -> None:
    assert chips(Page(browser, "/notifications/?view=archived")) == []


def test_a_search_finds_by_the_beginnings_of_words(browser: Client) -> None:
    page = Page(browser).search("ORD new")
    assert page.messages == ["new order"]
    assert Page(browser).search("weigh").messages == ["new order"]
    assert Page(browser).search("nowhere").messages == []


def test_a_search_keeps_view_and_kind_and_can_be_left(browser: Client) -> None:
    page = Page(browser, "/notifications/?view=unread&kind=order").search("order")
    assert page.messages == ["new order"]
    assert page.root.one("input", type="search")["value"] == "order"
    page = page.follow(page.link("Clear search"))
    assert page.url == "/notifications/?view=unread&kind=order"


def test_links_keep_what_else_is_chosen(browser: Client) -> None:
    page = Page(browser, "/notifications/?view=unread&kind=order&q=order")
    archived = page.link("Archived 1")["href"]
    assert archived == "/notifications/?view=archived&kind=order&q=order"
    assert page.link("All kinds")["href"] == "/notifications/?view=unread&q=order"


@pytest.mark.parametrize(
    "query",
    [
        "view=x",
        "view=INBOX",
        "kind=A%20B",
        "kind=%00",
        "q=",
        "q=%00",
        "q=%20%20",
        "before=x",
        "after=-1",
    ],
)
def test_nonsense_in_the_address_is_as_if_it_were_not_there(browser: Client, query: str) -> None:
    page = Page(browser, f"/notifications/?{query}")
    assert page.messages == ["new order", "read order", "old message"]
    assert page.root.one("bellhop-inbox")["data-q"] == ""


def test_what_somebody_looks_for_is_escaped_wherever_it_stands(browser: Client) -> None:
    page = Page(browser, '/notifications/?q="><b>%26')
    assert page.root.all("b") == []
    assert page.root.one("input", type="search")["value"] == '"><b>&'


@pytest.mark.parametrize(
    ("query", "says", "read"),
    [
        ("", "Mark all as read", {"old message", "read order", "new order"}),
        ("?kind=order", "Mark all of “Orders” as read", {"read order", "new order"}),
        ("?q=new", "Mark the 1 found as read", {"read order", "new order"}),
        ("?view=unread&q=message", "Mark the 1 found as read", {"read order", "old message"}),
    ],
)
def test_the_button_for_all_says_what_that_is_and_marks_no_more(
    browser: Client, query: str, says: str, read: set[str]
) -> None:
    page = Page(browser, f"/notifications/{query}")
    button = page.root.one("form", data_mark_all=None).one("button")
    assert button.text == says
    page.press(button)
    stored = Notification.objects.exclude(read_at=None).values_list("message", flat=True)
    assert set(stored) == read


@pytest.mark.parametrize("query", ["?view=archived", "?q=nowhere", "?q=read"])
def test_where_nothing_unread_is_listed_there_is_no_button_for_all(
    browser: Client, query: str
) -> None:
    assert Page(browser, f"/notifications/{query}").root.one("form", data_mark_all=None).is_hidden


def test_the_button_for_all_passes_over_what_came_after_the_page(
    browser: Client, user: User
) -> None:
    page = Page(browser)
    add(user, "just now")
    page.press(page.root.one("form", data_mark_all=None).one("button"))
    assert Page(browser, "/notifications/?view=unread").messages == ["just now"]
