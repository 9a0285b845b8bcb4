"""The session engine: keys nobody else has, and sessions that Django's own store understands."""

import re

import pytest
from django.contrib.sessions.backends.db import SessionStore as DjangoStore

from core.accounts import session_store
from core.accounts.session_store import SessionStore

pytestmark = pytest.mark.django_db


def test_a_key_is_what_the_socket_service_takes() -> None:
    store = SessionStore()
    store.create()
    assert re.fullmatch("[a-z0-9]{32}", store.session_key or "")


def test_a_key_that_is_taken_is_not_taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = SessionStore()
    theirs["whose"] = "theirs"
    theirs.create()
    keys = iter([theirs.session_key, "k" * 32])
    monkeypatch.setattr(session_store, "get_random_string", lambda *_: next(keys))
    ours = SessionStore()
    ours["whose"] = "ours"
    ours.create()
    assert ours.session_key == "k" * 32
    assert SessionStore(theirs.session_key)["whose"] == "theirs"


def test_django_s_own_store_reads_what_this_one_wrote_and_the_other_way_round() -> None:
    for writes, reads in ((SessionStore, DjangoStore), (DjangoStore, SessionStore)):
        store = writes()
        store["a"] = 1
        store.create()
        assert reads(store.session_key)["a"] == 1
