"""The rows of the inbox page: what each says, and that nothing in a text breaks the page."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from bellhop.kinds import Kind
from bellhop.models import Notification
from rows.conftest import Kinds
from rows.pages.conftest import add
from rows.pages.inbox.document import Page

pytestmark = pytest.mark.django_db


def test_a_row_says_what_it_is_and_what_can_be_done_with_it(browser: Client, user: User) -> None:
    stored = add(user, "Order 7 has shipped", kind="order", body="It left.", url="/orders/7/")
    page = Page(browser)
    (row,) = page.rows
    assert [row[f"data-{name}"] for name in ("id", "seq", "kind", "read", "archived", "thread")] == [
        str(stored.pk), "1", "order", "false", "false", "",
    ]  # fmt: skip
    link = row.one("a", data_message=None)
    assert (link.text, link["href"], link["dir"]) == ("Order 7 has shipped", "/orders/7/", "auto")
    assert row.one(data_body=None).text == "It left."
    assert row.one("a", data_permalink=None)["href"] == f"/notifications/{stored.pk}/"
    assert [(each["value"].partition(":")[0], each.text) for each in row.all("button", name="one")] == [
        ("read", "Mark as read"), ("unread", "Mark as unread"), ("archive", "Archive"),
    ]  # fmt: skip


def test_each_control_of_a_row_is_named_with_its_message(browser: Client, user: User) -> None:
    add(user, "one"), add(user, "two")
    page = Page(browser)
    for row in page.rows:
        message = row.one("a", data_message=None)
        for control in [*row.all("button", name="one"), row.one("input", type="checkbox")]:
            ids = control["aria-labelledby"].split()
            assert ids == [*([control["id"]] if control.tag == "button" else []), message["id"]]
    ids = [each["id"] for each in page.root.all(id=None)]
    assert len(ids) == len(set(ids))


def test_an_archived_row_can_be_taken_back_and_nothing_else(browser: Client, user: User) -> None:
    add(user, "one")
    page = Page(browser)
    page.press(page.row("one").one("button", value=f"archive:{page.rows[0]['data-id']}"))
    (row,) = Page(browser, "/notifications/?view=archived").rows
    assert [each.text for each in row.all("button", name="one")] == ["Move to inbox"]


def test_the_page_has_one_form_around_all_rows_and_no_token_for_each(
    browser: Client, user: User
) -> None:
    for number in range(5):
        add(user, f"number {number}")
    page = Page(browser)
    tokens = page.root.all("input", name="csrfmiddlewaretoken")
    assert len(tokens) == 3  # for all, for what is undone, for the list
    assert page.root.one("form", data_list_form=None).all(data_testid="notification") == page.rows


def test_a_message_of_blanks_shows_what_its_kind_is_called(
    browser: Client, user: User, kinds: Kinds
) -> None:
    kinds(Kind("order", label="Orders"))
    add(user, "   ", kind="order")
    assert Page(browser).messages == ["Orders"]


def test_characters_that_turn_text_around_or_ring_are_not_in_the_page(
    browser: Client, user: User
) -> None:
    add(user, "left\u202eright\x07", body="up\u202edown\x1b[31m")
    page = Page(browser)
    assert page.messages == ["leftright"]
    assert page.rows[0].one(data_body=None).text == "updown[31m"
    for character in "\u202e\x07\x1b":
        assert character not in page.html


def test_a_text_of_twenty_thousand_characters_is_there_and_is_escaped(
    browser: Client, user: User
) -> None:
    add(user, "long", body="<b> " * 5000)
    page = Page(browser)
    assert page.rows[0].one(data_body=None).text == ("<b> " * 5000).strip()
    assert page.rows[0].all("b") == []
    assert page.rows[0].one(data_more=None).is_hidden  # shown by the script, where the text is cut


@pytest.mark.parametrize(
    ("url", "href"),
    [
        ("/orders/7/", "/orders/7/"),
        ("HTTPS://shop.example/", "HTTPS://shop.example/"),
        ("http://shop.example/", "http://shop.example/"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        (" /x", ""),
        ("", ""),
    ],
)
def test_a_link_is_made_of_a_path_or_http_and_of_nothing_else(
    browser: Client, user: User, url: str, href: str
) -> None:
    add(user, "one", url=url)
    assert Page(browser).row("one").one("a", data_message=None).attributes.get("href", "") == href


def test_texts_of_people_are_isolated_in_their_own_direction(browser: Client, user: User) -> None:
    add(user, "مرحبا!", body="تم!")
    (row,) = Page(browser).rows
    assert row.one("a", data_message=None)["dir"] == row.one(data_body=None)["dir"] == "auto"


def test_what_a_script_clones_is_a_row_without_an_identity(browser: Client, user: User) -> None:
    html = Page(browser).html
    (pattern,) = [
        part.partition("</template>")[0] for part in html.split("<template data-item>")[1:]
    ]
    nobody = "00000000-0000-0000-0000-000000000000"
    assert f'data-id="{nobody}" data-seq="0"' in pattern
    assert f'value="read:{nobody}"' in pattern
    assert 'id="bellhop-0"' in pattern
    assert f'href="/notifications/{nobody}/"' in pattern


def test_a_row_that_waits_for_its_number_is_not_listed(browser: Client, user: User) -> None:
    Notification.objects.create(recipient=user, message="too early")
    assert Page(browser).messages == []
