"""A user model with texts for keys, no is_active, no date_joined, beside an app `core` with models like Bellhop's."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bellhop.contract import user_group
from rows.checks.project import Project

KEYS = [
    "a/b",
    "a.b",
    "a b",
    " a b ",
    "a-b",
    "a_b",
    "ä/€",
    "x" * 200,
    "x" * 199 + "y",
    "%",
    "notifications_a",
    "",
    "0",
]

# On a busy machine any example is slow.
any_pace = settings(database=None, derandomize=True, deadline=None)


def test_a_project_with_models_of_the_same_names_is_well(text_keys: Project) -> None:
    run = text_keys.manage("check", "--database", "default", settings="BELLHOP = {**BELLHOP}")
    assert (run.code, run.err) == (0, ""), run.err
    run = text_keys.manage("makemigrations", "--check", "--dry-run")
    assert run.code == 0, run.out + run.err


def test_people_with_texts_for_keys_are_notified_each_in_their_own_order(
    text_keys: Project,
) -> None:
    told = text_keys.told(f"""
from django.db import transaction
from bellhop.models import Inbox, Notification
from bellhop.notify import notify, notify_many
from people.models import Person
keys = {[key for key in KEYS if key]!r}
people = [Person.objects.create(handle=key, email=f"{{n}}@example.com") for n, key in enumerate(keys)]
numbers = [[notify(person, "outside").seq for person in people]]
with transaction.atomic():
    rows = [notify(person, "inside", key="k") for person in people]
    waiting = [row.seq for row in rows]
numbers += [[row.seq for row in rows]]
numbers += [[row.seq for row in notify_many(people, "many")]]
again = [notify(person, "again", key="k").message for person in people]
stored = [sorted(Notification.objects.filter(recipient=person).values_list("seq", "recipient_id")) for person in people]
tell([waiting, numbers, again, stored, [Inbox.state_of(person.pk) for person in people]])
""")
    waiting, numbers, again, stored, states = told
    keys = [key for key in KEYS if key]
    assert set(waiting) == {None}
    assert numbers == [[number] * len(keys) for number in (1, 2, 3)]
    assert set(again) == {"inside"}
    assert stored == [[[number, key] for number in (1, 2, 3)] for key in keys]
    assert states == [[3, 0, 3, 0]] * len(keys)


@any_pace
@given(st.lists(st.text(max_size=200), max_size=20), st.integers(), st.uuids())
def test_no_two_keys_share_a_group(keys: list[str], number: int, uuid: object) -> None:
    different = {*KEYS, *keys, str(number), str(uuid)}
    assert len({user_group(key) for key in different}) == len(different)
    assert user_group(number) == user_group(str(number))
    assert user_group(uuid) == user_group(str(uuid))


@any_pace
@given(st.text(alphabet=st.sampled_from("ab.notificatns_0123456789f"), max_size=90))
def test_no_key_shares_a_group_with_the_digest_of_another(key: str) -> None:
    digest = user_group("a/b").removeprefix("notifications_")
    assert user_group(digest) != user_group("a/b")
    assert (user_group(key) == user_group("a/b")) == (key == "a/b")
    assert len(user_group(key)) < 100
