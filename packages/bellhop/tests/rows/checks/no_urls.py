"""Pages of a project that has not mounted the inbox."""

urlpatterns: list[object] = []
