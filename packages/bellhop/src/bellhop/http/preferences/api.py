"""A person's choices for programs: `GET` and `POST api/preferences`."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Router, Schema
from pydantic import ConfigDict, Field, StrictBool

from bellhop.http import page_owner
from bellhop.http.preferences.changes import Changes, quiet_of, until_of
from bellhop.http.preferences.moments import rfc3339
from bellhop.http.preferences.shown import own_mute, undisturbed_until
from bellhop.http.signed_in import SignedInRequest
from bellhop.kinds import registry, words
from bellhop.kinds.kind import CHANNELS
from bellhop.preferences import quiet_hours
from bellhop.preferences.choices import EVERY, choices_of, effective, is_fixed
from bellhop.preferences.do_not_disturb import Length
from bellhop.preferences.refusals import refusals_of

router = Router(tags=["preferences"])


class QuietHours(Schema):
    """Times of the day, "22:00", and the name of a zone."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    starts: Annotated[str, Field(alias="from", max_length=16)]
    ends: Annotated[str, Field(alias="until", max_length=16)]
    zone: Annotated[str, Field(max_length=64)]


class KindOf(Schema):
    kind: str
    label: str
    can_be_muted: bool
    fixed: list[str]


class Refused(Schema):
    count: int
    latest: datetime


class Preferences(Schema):
    """All that is chosen, or declared where nothing is. `channels`, `mute` and `quiet` may be sent back as they are.

    `do_not_disturb`: until when.
    """

    kinds: list[KindOf]
    channels: dict[str, dict[str, bool]]
    mute: dict[str, str | None]
    quiet: QuietHours | None
    do_not_disturb: str | None
    kept_out: dict[str, Refused]
    user_key: str


class PreferencesBody(Schema):
    """What is missing stays as it is."""

    model_config = ConfigDict(extra="forbid")

    channels: dict[str, dict[str, StrictBool]] = {}
    mute: dict[str, str | None] = {}
    quiet: QuietHours | None = None
    do_not_disturb: Length | None = None
    user_key: str | None = None


@router.get("/preferences", response=Preferences, by_alias=True)
def preferences(request: SignedInRequest) -> dict[str, Any]:
    """Return what the user has chosen, kind by kind."""
    user_id, now = request.user.pk, timezone.now()
    choices, declared = choices_of(user_id), registry.declared()
    quiet = choices.quiet
    return {
        "kinds": [
            {
                "kind": kind.name,
                "label": words.label(kind),
                "can_be_muted": kind.can_be_muted,
                "fixed": [channel for channel in CHANNELS if is_fixed(kind, channel)],
            }
            for kind in declared
        ],
        "channels": {
            kind.name: {channel: effective(kind, channel, choices) for channel in CHANNELS}
            for kind in declared
        },
        "mute": {
            name: rfc3339(own_mute(name, choices, now))
            for name in [EVERY, *(kind.name for kind in declared if kind.can_be_muted)]
        },
        "quiet": quiet
        and {
            "from": f"{quiet.starts:%H:%M}",
            "until": f"{quiet.ends:%H:%M}",
            "zone": quiet.zone,
        },
        "do_not_disturb": rfc3339(undisturbed_until(choices, now)),
        "kept_out": {
            kind: {"count": count, "latest": latest}
            for kind, (count, latest) in refusals_of(user_id).items()
        },
        "user_key": page_owner.key_of(request),
    }


@router.post("/preferences", response=Preferences, by_alias=True)
def choose(request: SignedInRequest, body: PreferencesBody) -> dict[str, Any]:
    """Change what is given, all or nothing, and return what is chosen then."""
    page_owner.check(request, body.user_key)
    Changes(
        channels=body.channels,
        mute={name: until_of(text) for name, text in body.mute.items()},
        quiet=_quiet(body),
        do_not_disturb=(
            body.do_not_disturb if "do_not_disturb" in body.model_fields_set else "unchanged"
        ),
    ).apply(request.user.pk)
    return preferences(request)


def _quiet(body: PreferencesBody) -> quiet_hours.QuietHours | Literal["unchanged"] | None:
    if "quiet" not in body.model_fields_set:
        return "unchanged"
    given = body.quiet
    return None if given is None else quiet_of(given.starts, given.ends, given.zone)
