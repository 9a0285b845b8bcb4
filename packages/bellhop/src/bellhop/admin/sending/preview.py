"""What would become of a sending, and how it will look: nothing is written."""

from typing import Any, NamedTuple

from django.utils import timezone, translation

from bellhop import frame_from_row
from bellhop.admin.columns import kind_label, person
from bellhop.admin.sending import whom
from bellhop.admin.sending.form import SendForm
from bellhop.bulk.dry_run import Place, foresee
from bellhop.bulk.send import Counts
from bellhop.models import Notification

SHOWN = 10
"""Recipients that are named."""


class Preview(NamedTuple):
    """`counts` only where it can be sent from here; else `commands`, which send it from a shell."""

    total: int
    some: list[str]
    counts: Counts | None
    commands: list[str]
    look: dict[str, Any]


def preview(form: SendForm) -> Preview:
    """Return the preview of a form that is valid. Five queries; raises DatabaseError."""
    users = form.whom.users.order_by("pk")
    # A command can be interrupted, and goes on with the same key.
    some = list(users[: whom.AT_MOST + 1])
    names = [person(user) for user in some[:SHOWN]]
    if len(some) > whom.AT_MOST:
        commands = whom.commands(form.whom, form.given)
        return Preview(users.count(), names, None, commands, _look(form))
    counts = Counts()
    if some:
        foresee([Place(user.pk, form.given["kind"], form.given["key"]) for user in some], counts)
    return Preview(len(some), names, counts, [], _look(form))


def _look(form: SendForm) -> dict[str, Any]:
    """Return the fields of the notification as a page will get them."""
    said = {name: form.given.get(name, "") for name in ("kind", "message", "body", "url")}
    row = Notification(
        seq=1,
        created=timezone.now(),
        language=translation.get_language() or "",
        expires_at=form.given.get("expires"),
        **said,
    )
    label = kind_label(row.kind)
    return {**frame_from_row.fields(row), "label": label, "expires_at": row.expires_at}
