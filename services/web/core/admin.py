"""People in the admin: whoever may delete a user may delete what hangs on them."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpRequest

admin.site.unregister(get_user_model())


@admin.register(get_user_model())
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """As Django's, but that whoever may delete a user may delete what hangs on them.

        Django asks for the right to delete each of those alone: nobody has it for an inbox.
        """
        shown, counts, needed, protected = super().get_deleted_objects(objs, request)
        return shown, counts, needed & {self.opts.verbose_name}, protected
