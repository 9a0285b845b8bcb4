from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "crew.users"
