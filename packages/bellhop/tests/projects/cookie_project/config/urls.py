from crew.users import views
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("notifications/", include("bellhop.urls")),
    path("", views.home, name="home"),
    path("tell/", views.tell, name="tell"),
    path("tell-later/", views.tell_later, name="tell-later"),
    path("introduce/", views.introduce, name="introduce"),
    path("language/", views.language, name="language"),
    path("shift/", views.shift, name="shift"),
    path("drill/", views.drill, name="drill"),
]
