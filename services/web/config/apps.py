"""Applications of others, wired our way."""

from typing import Any

from allauth.usersessions.apps import UserSessionsConfig as AllauthUserSessionsConfig


class UserSessionsConfig(AllauthUserSessionsConfig):
    """allauth.usersessions, with a receiver of ours in place of the one that asks for each session in turn.

    It takes Django's own with it, which notes the time of the login in a statement of its own: everyone logs in through
    allauth, the admin too.
    """

    def ready(self) -> Any:
        super().ready()
        from allauth.account.signals import user_logged_in
        from allauth.usersessions.signals import on_user_logged_in
        from django.contrib.auth.signals import user_logged_in as django_user_logged_in

        from core.accounts.device_list import remember

        user_logged_in.disconnect(on_user_logged_in)
        user_logged_in.connect(remember)
        django_user_logged_in.disconnect(dispatch_uid="update_last_login")
