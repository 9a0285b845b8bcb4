from .base import *

SECRET_KEY = "a key of nobody's but this developer's own, of more than fifty characters"
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CELERY_TASK_ALWAYS_EAGER = True
