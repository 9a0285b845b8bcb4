"""What a project had before stays as it was."""

from projects.conftest import Device
from projects.harness.installations import Installation


def test_a_related_name_notifications_and_an_app_core_do_not_clash_nor_is_a_migration_missing(
    uuid_project: Installation,
) -> None:
    done = uuid_project.manage("makemigrations", "--check", "--dry-run")
    assert done.returncode == 0, done.stdout + done.stderr
    # What the system checks have to say comes there.
    assert done.stderr == ""


async def test_their_own_model_is_still_reached_by_that_name(
    uuid_project: Installation, device: Device
) -> None:
    ada = await device(uuid_project, uuid_project.web("--threads=4"))
    await ada.tell(ada.login, "your order was sent")
    assert "you have 0 letters" in (await ada.page("/")).text
    assert [row["message"] for row in await ada.inbox() if row["kind"] == "message"] == [
        "your order was sent"
    ]
