"""allauth's list of sessions as an application of this stack, with receivers of ours."""

from typing import Any

from allauth.usersessions.apps import UserSessionsConfig as AllauthUserSessionsConfig


class UserSessionsConfig(AllauthUserSessionsConfig):
    """allauth.usersessions without its own receivers, which ask three queries for each session of the user.

    core.accounts.signed_in_devices_page listens to the same signals and asks two.
    """

    def ready(self) -> Any:
        # In place of super().ready(), which would connect allauth's own.
        from core.accounts import signed_in_devices_page  # noqa: F401 - connects the receiver
