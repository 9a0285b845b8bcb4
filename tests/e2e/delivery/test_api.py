"""The JSON API through nginx, by an owner, a second device and an outsider."""

from typing import Any

from support import people
from support.clients.visitor import Visitor
from support.gateway import BEAT, PATIENCE


async def test_the_list_pages_in_both_directions_and_loses_nothing(arrive: Any) -> None:
    owner = await arrive()
    people.notify(owner.username, *(f"number {number}" for number in range(2, 8)))
    newest_first, path = [], "/api/notifications/?limit=3"
    while path:
        page = (await owner.http.get(path)).json()
        newest_first += [row["seq"] for row in page["results"]]
        path = page["next"]
    assert newest_first == [7, 6, 5, 4, 3, 2, 1]
    ascending = (await owner.http.get("/api/notifications/?after=2&limit=2")).json()
    assert [row["seq"] for row in ascending["results"]] == [3, 4]
    assert (ascending["seq"], ascending["rev"], ascending["unread"]) == (7, 0, 7)
    more = (await owner.http.get(ascending["next"])).json()
    assert [row["seq"] for row in more["results"]] == [5, 6]


async def test_a_row_of_the_list_is_the_frame_without_its_type(arrive: Any) -> None:
    owner = await arrive()
    socket = await owner.socket()
    (frame,) = await socket.until_notifications(1, timeout=30)
    (row,) = (await owner.http.get("/api/notifications/")).json()["results"]
    assert {"type": "notification", **row} == frame


async def test_reading_on_one_device_tells_the_other_and_nobody_else(arrive: Any) -> None:
    owner, outsider = await arrive(), await arrive()
    second_device = await arrive(owner.username)
    other, foreign = await second_device.socket(), await outsider.socket()
    await other.until_notifications(1, timeout=30)
    await foreign.until_notifications(1, timeout=30)
    (first_id,) = [
        row["id"]
        for row in (await owner.http.get("/api/notifications/?after=0&limit=1")).json()["results"]
    ]

    answer = await owner.post("/api/notifications/read", {"ids": [first_id]})

    assert answer.json() == {"seq": 2, "rev": 1, "unread": 1, "seen": 0, "changed": 1}
    await other.until(lambda s: s.of_type("state"), BEAT * PATIENCE)
    (state,) = other.of_type("state")
    assert (state["rev"], state["unread"], state["read"]) == (1, 1, [first_id])
    assert state["through"] == 1
    again = await owner.post("/api/notifications/read", {"ids": [first_id]})
    assert again.json()["changed"] == 0
    assert again.json()["rev"] == 1
    assert foreign.of_type("state") == []


async def test_an_outsider_cannot_read_or_touch_what_is_not_theirs(arrive: Any) -> None:
    owner, outsider = await arrive(), await arrive()
    (row,) = (await owner.http.get("/api/notifications/")).json()["results"]
    for action in ("read", "unread", "archive"):
        answer = await outsider.post(f"/api/notifications/{action}", {"ids": [row["id"]]})
        assert answer.status_code == 200
        assert answer.json()["changed"] == 0
    assert (await owner.http.get("/api/notifications/summary")).json()["unread"] == 1
    ids = [
        item["id"] for item in (await outsider.http.get("/api/notifications/")).json()["results"]
    ]
    assert row["id"] not in ids


async def test_without_a_session_the_answer_is_401_and_never_a_redirect(stranger: Visitor) -> None:
    for path in ("/api/notifications/", "/api/notifications/summary"):
        answer = await stranger.http.get(path)
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "no_session"
    answer = await stranger.post("/api/notifications/read", {"through": 1})
    assert answer.status_code == 401


async def test_without_the_csrf_token_nothing_changes(arrive: Any) -> None:
    owner = await arrive()
    answer = await owner.post("/api/notifications/read", {"through": 1}, **{"X-CSRFToken": "wrong"})
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "forbidden"
    assert (await owner.http.get("/api/notifications/summary")).json()["unread"] == 1
