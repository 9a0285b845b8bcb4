from django.contrib.auth.models import AbstractUser
from django.db import models

from .managers import UserManager


class User(AbstractUser):
    """Somebody of the crew, who logs in with an e-mail address."""

    name = models.CharField("Name of User", blank=True, max_length=255)
    language = models.CharField(blank=True, max_length=10)
    first_name = None
    last_name = None
    email = models.EmailField("email address", unique=True)
    username = None

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()
