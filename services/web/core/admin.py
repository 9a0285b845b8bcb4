"""Users in the admin: the right to delete a user includes the user's inbox, sessions and addresses."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpRequest

admin.site.unregister(get_user_model())


@admin.register(get_user_model())
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Return Django's answer, without the rights it asks for on the rows that are deleted with the user.

        Nobody has the right to delete an inbox alone.
        """
        shown, counts, needed, protected = super().get_deleted_objects(objs, request)
        return shown, counts, needed & {self.opts.verbose_name}, protected
