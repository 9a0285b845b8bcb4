"""The admin of a project whose users have keys of another kind: staff send, see what was sent, and withdraw it."""

from projects.conftest import Device
from projects.harness.installations import Installation

PAGES = "/admin/bellhop/notification/"
PROMOTE = (
    "from accounts.models import User;"
    " User.objects.filter(username={!r}).update(is_staff=True, is_superuser=True)"
)


async def test_staff_send_to_some_in_two_steps_and_take_it_back_and_nobody_else_may(
    uuid_project: Installation, device: Device
) -> None:
    web = uuid_project.web("--threads=4")
    staff, ada, outsider = [await device(uuid_project, web) for _ in range(3)]
    assert uuid_project.manage("shell", "-c", PROMOTE.format(staff.login)).returncode == 0
    given = {"people": ada.login, "kind": "message", "message": "lunch is here", "key": "lunch"}

    seen = await staff.submit(f"{PAGES}add/", on=f"{PAGES}add/", **given)
    assert "To <strong>1</strong> person" in seen.text
    assert "lunch is here" in seen.text
    assert [row for row in await ada.inbox() if row["message"] == "lunch is here"] == []

    sent = await staff.submit(f"{PAGES}add/", on=f"{PAGES}add/", **given, _send="1")
    assert sent.headers["Location"] == f"{PAGES}?key__exact=lunch"
    assert "Sent to 1 person." in (await staff.page(sent.headers["Location"])).text
    assert [row["message"] for row in await ada.inbox()][-1] == "lunch is here"
    assert "lunch is here" not in [row["message"] for row in await outsider.inbox()]

    refused = await outsider.submit(f"{PAGES}add/", **given, _send="1")
    assert refused.headers["Location"].startswith("/admin/login/")

    url = f"{PAGES}withdraw/?key=lunch"
    assert (await staff.submit(url, on=url, post="yes")).status_code == 302
    assert "lunch is here" not in [row["message"] for row in await ada.inbox()]
