from django.urls import include, path
from echo import views

urlpatterns = [
    path("accounts/", include("django.contrib.auth.urls")),
    path("notifications/", include("bellhop.urls")),
    path("", views.home, name="home"),
    path("tell/", views.tell, name="tell"),
    path("tell-in-loop/", views.tell_in_loop, name="tell-in-loop"),
]
