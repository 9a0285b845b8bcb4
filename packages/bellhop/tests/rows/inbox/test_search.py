"""A search finds what has all of its words, of its person's own only, whatever was changed meanwhile."""

import threading
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction

from bellhop import recall
from bellhop.inbox import pages, search
from bellhop.inbox.searching import chunks
from bellhop.inbox.views import Filters, View, rows
from bellhop.models import Inbox, Notification, SearchChunk
from bellhop.models.searching.chunk import SIZE
from bellhop.retention.person import erase
from rows.waiting import PATIENCE, in_thread, somebody_waits_for_a_lock, until

pytestmark = pytest.mark.django_db


def fill(user: User, count: int, first: int = 1, **columns: Any) -> None:
    """Save so many notifications past notify(): "Parcel 1 is on its way"…"""
    made = [
        Notification(
            recipient=user,
            seq=seq,
            **{"message": f"Parcel p{seq} is on its way", "body": "Look out", **columns},
        )
        for seq in range(first, first + count)
    ]
    Notification.objects.bulk_create(made)


def found(user: User, q: str, view: View = View.INBOX, **bounds: Any) -> list[int]:
    return search.seqs(user.pk, rows(user.pk, Filters(view)), q, **bounds)


@pytest.mark.parametrize("count", [50, 100, 250])
def test_all_words_must_be_there_each_as_the_beginning_of_one(user: User, count: int) -> None:
    fill(user, count)
    Notification.objects.filter(seq=7).update(message="Ürün GEÇ: Straße 7")
    assert found(user, "parcel p4")[-2:] == [40, 4]
    assert found(user, "PARC p41") == [41]
    assert found(user, "way look p42 out") == [42]
    assert found(user, "arcel") == []
    assert found(user, "p41 p42") == []
    assert found(user, "strasse ürün") == [7]
    assert found(user, "  ") == found(user, "!?") == []
    assert found(user, "' | 'x':* & !p") == []


def test_words_of_a_kind_and_of_a_body_are_found(user: User) -> None:
    fill(user, 1, message="", kind="login", body="")
    fill(user, 1, first=2, message="Hello", body="The quick\nbrown fox")
    assert found(user, "brown hello") == [2]
    assert found(user, "welcome") == [1]


@pytest.mark.parametrize("count", [250, 200])
def test_pages_of_a_search_hold_each_once_both_ways(user: User, count: int) -> None:
    fill(user, count)
    seen, before = [], None
    while True:
        page = pages.page(user.pk, Filters(q="parcel"), before=before, limit=30)
        seen += [row.seq for row in page.rows]
        assert page.has_newer is (before is not None)
        if not page.has_older:
            break
        before = page.rows[-1].seq
    assert seen == list(range(count, 0, -1))
    up = pages.page(user.pk, Filters(q="parcel"), after=95, limit=10)
    assert [row.seq for row in up.rows] == list(range(105, 95, -1))
    assert (up.has_older, up.has_newer) == (True, True)


def test_a_search_finds_nothing_outside_of_its_view_kind_and_person(
    user: User, other: User
) -> None:
    fill(user, 120)
    fill(other, 120, message="Parcel of somebody else")
    Notification.objects.filter(recipient=user, seq=5).update(archived_at="2026-11-27T10:00Z")
    Notification.objects.filter(recipient=user, seq=6).update(read_at="2026-11-27T10:00Z")
    Notification.objects.filter(recipient=user, seq=110).update(kind="order")
    assert found(user, "somebody") == []
    assert found(other, "somebody p1") == []
    assert len(found(other, "somebody")) == 120
    assert found(user, "p5 ") == list(range(59, 49, -1))
    assert found(user, "p5", View.ARCHIVED) == [5]
    assert found(user, "p6", View.UNREAD)[-1] == 60
    page = pages.page(user.pk, Filters(q="parcel", kind="order"))
    assert [row.seq for row in page.rows] == [110]


def test_the_words_of_a_long_inbox_are_made_once(
    user: User, django_assert_num_queries: Any
) -> None:
    fill(user, 2 * SIZE + 50)
    assert SearchChunk.of(user.pk).count() == 0
    assert found(user, "p7")[-1] == 7
    assert list(SearchChunk.of(user.pk).order_by("start").values_list("start", flat=True)) == [
        1,
        101,
    ]
    with django_assert_num_queries(3):
        assert found(user, "p150") == [150]
    fill(user, 51, first=251)
    assert found(user, "p300") == [300]
    assert SearchChunk.of(user.pk).count() == 3


def test_a_notification_that_says_something_else_is_found_by_that(user: User) -> None:
    fill(user, SIZE)
    assert found(user, "p50") == [50]
    recall.update(Notification.objects.get(seq=50), message="Lorry")
    assert (found(user, "p50"), found(user, "lorry")) == ([], [50])
    # Past recall, too.
    Notification.objects.filter(seq=51).update(body="Ferry")
    assert found(user, "ferry") == [51]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bellhop_notification SET message = 'Barge' WHERE seq = 52")
    assert (found(user, "p52"), found(user, "barge")) == ([], [52])


def test_a_mark_does_not_cost_the_words(user: User) -> None:
    fill(user, SIZE)
    found(user, "p50")
    Notification.objects.filter(seq=50).update(read_at="2026-11-27T10:00Z", rev=1)
    assert chunks.make_ready(user.pk).empty == []
    assert SearchChunk.of(user.pk).filter(document=None).count() == 0


def test_the_words_of_what_is_deleted_go_with_it(user: User, other: User) -> None:
    fill(user, SIZE)
    fill(other, SIZE)
    assert found(user, "p50") == found(other, "p50") == [50]
    with transaction.atomic():
        recall.withdraw(Notification.objects.get(recipient=user, seq=50))
        assert SearchChunk.of(user.pk).filter(document=None).count() == 1
    assert SearchChunk.of(other.pk).filter(document=None).count() == 0
    assert found(user, "p50") == []
    assert found(user, "p51") == [51]
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM bellhop_notification WHERE seq = 51 AND recipient_id = %s", [user.pk]
        )
        cursor.execute(
            "SELECT count(*) FROM bellhop_searchchunk WHERE documents::text LIKE '%%p51%%'"
        )
        assert cursor.fetchone() == (1,)


def test_what_comes_past_notify_into_a_chunk_is_found(user: User) -> None:
    fill(user, 10)
    fill(user, SIZE, first=20)
    assert found(user, "p20") == [20]
    fill(user, 1, first=15)
    assert found(user, "p15") == [15]
    Notification.objects.create(recipient=user, seq=16, message="Late")
    assert found(user, "late") == [16]


def test_gaps_and_far_numbers_cost_nothing(user: User) -> None:
    fill(user, 3)
    fill(user, 3, first=10**15 + 1)
    assert found(user, "parcel") == [10**15 + 3, 10**15 + 2, 10**15 + 1, 3, 2, 1]
    assert SearchChunk.of(user.pk).count() == 1


def test_nothing_of_an_erased_or_deleted_person_stays(user: User, other: User) -> None:
    fill(user, SIZE)
    fill(other, SIZE)
    found(user, "x")
    found(other, "x")
    erase(user)
    assert SearchChunk.of(user.pk).count() == 0
    assert found(user, "p50") == []
    key = other.pk
    other.delete()
    assert SearchChunk.of(key).count() == 0


def test_texts_with_more_words_than_a_chunk_holds_are_found_all_the_same(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "ROOM", 1000)
    fill(user, SIZE)
    assert found(user, "p50 parcel") == [50]
    assert found(user, "nothing") == []


def test_the_longest_texts_fit(user: User) -> None:
    words = " ".join(f"{number:x}{'é' * 30}" for number in range(2000))
    fill(user, SIZE, body=words)
    assert found(user, "p50") == [50]


@pytest.mark.django_db(transaction=True)
def test_a_text_that_changes_while_its_chunk_is_made_is_found_by_what_it_says_then(
    user: User,
) -> None:
    """Somebody changes it past the inbox's lock and has not committed when the words are made."""
    fill(user, SIZE)
    Inbox.objects.filter(pk=user.pk).update(last_seq=SIZE)
    changed, go_on = threading.Event(), threading.Event()

    def change() -> None:
        with transaction.atomic():
            Notification.objects.filter(recipient=user, seq=50).update(message="Lorry")
            changed.set()
            assert go_on.wait(PATIENCE)

    changing = in_thread(change)
    assert changed.wait(PATIENCE)
    # Nobody is waited for, and what is committed is found.
    assert found(user, "p50") == [50]
    assert found(user, "p51") == [51]
    go_on.set()
    changing.result(PATIENCE)
    assert (found(user, "p50"), found(user, "lorry")) == ([], [50])


@pytest.mark.django_db(transaction=True)
def test_a_text_that_changes_right_after_its_chunk_was_made_waits_for_it(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(user, SIZE)
    made, go_on = threading.Event(), threading.Event()
    make = chunks._make

    def make_and_hold(*args: Any) -> None:
        make(*args)
        made.set()
        assert go_on.wait(PATIENCE)

    monkeypatch.setattr(chunks, "_make", make_and_hold)
    searching = in_thread(found, user, "p50")
    assert made.wait(PATIENCE)
    changing = in_thread(Notification.objects.filter(seq=50).update, message="Lorry")
    until(somebody_waits_for_a_lock)
    go_on.set()
    changing.result(PATIENCE)
    searching.result(PATIENCE)
    monkeypatch.undo()
    assert (found(user, "p50"), found(user, "lorry")) == ([], [50])
