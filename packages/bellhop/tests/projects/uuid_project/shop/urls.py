from django.contrib import admin
from django.urls import include, path

from core import views

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("django.contrib.auth.urls")),
    path("notifications/", include("bellhop.urls")),
    path("", views.home, name="home"),
    path("tell/", views.tell, name="tell"),
    path("order/", views.order, name="order"),
    path("recall/", views.recall, name="recall"),
]
