"""The web service's own settings, with two differences that the login measure needs.

The hash is next to free (the measure is of what is beside it, and a real hash takes ten times as long as all the rest),
and each answer says how many queries it took.
"""

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MIDDLEWARE = ["bench_queries.count_queries", *MIDDLEWARE]
