"""Django settings that all three services share. Each service's config/settings.py starts with
``from stack.settings import *`` and adds what only it needs.
"""

from bellhop.database import timeouts
from stack import environment, server_urls, task_names
from stack.secrets import credentials, placeholders

DEBUG = environment.boolean("DEBUG", False)

SECRET_KEY = placeholders.secret(
    "SECRET_KEY",
    development=DEBUG,
    default="development-only-key-that-production-refuses",
    min_length=placeholders.SECRET_KEY_MIN_LENGTH,
)
# Old keys, separated by commas, or lines of the key's file below it: they still verify what they signed while the key
# is being changed.
SECRET_KEY_FALLBACKS = [
    *(key for key in environment.text("SECRET_KEY_FALLBACKS").split(",") if key),
    *environment.file_lines("SECRET_KEY")[1:],
]

PUBLIC_URL = environment.public_url()
# Development has an account that everybody knows, and explains itself to whoever asks.
if DEBUG and not PUBLIC_URL.is_private:
    environment.refuse(
        "PUBLIC_URL",
        f"{PUBLIC_URL.origin} is a public address, and this is a development stack; for production put"
        " COMPOSE_FILE=docker-compose.yml into .env",
    )
# Where the port of this machine is published. Compose's business; read here so that nonsense is refused.
HTTP_BIND = environment.address("HTTP_BIND")
_plain_http = environment.boolean("ALLOW_PLAIN_HTTP", False)
if PUBLIC_URL.scheme == "http" and not (DEBUG or PUBLIC_URL.is_private or _plain_http):
    environment.refuse(
        "PUBLIC_URL",
        f"{PUBLIC_URL.origin} would send passwords in the clear; use https://, or set ALLOW_PLAIN_HTTP=yes",
    )
# Who may talk to the pages and open sockets: the public address, and in development this machine.
_local = [PUBLIC_URL.with_host(host) for host in ("localhost", "127.0.0.1")] if DEBUG else []
PUBLIC_ORIGINS = list(dict.fromkeys([PUBLIC_URL.origin, *_local]))
ALLOWED_HOSTS = [PUBLIC_URL.host, *(["localhost", "127.0.0.1"] if DEBUG else [])]

RATE_LIMITS = environment.choice("RATE_LIMITS", "on", ("on", "off")) == "on"
if not RATE_LIMITS and not PUBLIC_URL.is_local:
    environment.refuse("RATE_LIMITS", "off is for load tests and needs a local PUBLIC_URL")

# On the stack's own database each service is somebody else; only the owner, who migrates, has the password of .env.
_own_role = None if environment.text("DATABASE_URL") else credentials.of("database")
_database = server_urls.database(
    default_password=""
    if environment.text("DATABASE_URL") or _own_role
    else placeholders.secret("POSTGRES_PASSWORD", development=DEBUG, default="development")
)
# Every key and channel on Redis begins with this word and a dot, which the word cannot hold. One word for all services,
# whatever their role.
INSTALLATION = server_urls.installation(_database, PUBLIC_URL.origin)
if _own_role:
    _database |= {"USER": _own_role.user, "PASSWORD": _own_role.password}
elif _role_url := next(filter(environment.text, ("DATABASE_OWNER_URL", "DATABASE_READER_URL")), ""):
    # migrate is given the one, ws the other.
    _database = server_urls.database(_role_url, default_password="")
# Services answer within seconds, whatever the database does. manage.py, which a person waits for, turns it off.
_bounded = environment.boolean("DATABASE_BOUNDS", True)
# What stands between us and PostgreSQL: none, or one that gives each transaction another session.
DATABASE_POOLER = environment.choice("DATABASE_POOLER", "none", ("none", "transaction"))
try:
    _options = timeouts.options(
        _database.get("OPTIONS", {}), bounded=_bounded, pooler=DATABASE_POOLER == "transaction"
    )
except ValueError as error:
    environment.refuse("DATABASE_URL", str(error))
DATABASES = {
    "default": {
        **_database,
        "ENGINE": "bellhop.database.postgresql",
        # A pool of the process's own instead of CONN_MAX_AGE, which leaks connections under daphne.
        "CONN_MAX_AGE": 0,
        # Between two transactions there is nothing that a cursor could live in.
        "DISABLE_SERVER_SIDE_CURSORS": DATABASE_POOLER == "transaction",
        # What DATABASE_URL says behind its "?", e.g. sslmode, and our own bounds.
        "OPTIONS": _options,
    }
}

REDIS_PREFIX = f"{INSTALLATION}."
_own_user = None if environment.text("REDIS_URL") else credentials.of("redis")
BROKER_URL, LAYER_URL, CACHE_URL = server_urls.redis_databases(
    own=f"{_own_user.user}:{_own_user.password}@" if _own_user else ""
)
BELLHOP = {
    "REDIS_URL": LAYER_URL,
    "PREFIX": REDIS_PREFIX,
    "ORIGINS": PUBLIC_ORIGINS,
    "ORIGIN_HINT": "set PUBLIC_URL to the address people type",
    "RATE_LIMITS": RATE_LIMITS,
    "DATABASE_POOLER": DATABASE_POOLER,
    # None: for ever, and all.
    "KEEP_DAYS": environment.integer("KEEP_DAYS", 0, 0, 36_500) or None,
    "KEEP_NEWEST": environment.integer("KEEP_NEWEST", 0, 0, 100_000_000) or None,
    # The worker composes and rings; its tasks have the names of the founding text.
    "RING": "celery",
    "TASKS": task_names.TASKS,
    "KIND_TASKS": {"login": task_names.SEND_LOGIN_NOTIFICATION},
}
# The same layer for whoever asks Channels for it.
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "bellhop.ring.channel_layer.DoorbellLayer",
        "CONFIG": {"url": LAYER_URL, "prefix": REDIS_PREFIX},
    },
}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "bellhop",
]
# By web to log in; by ws, which loads none of them, to know whose sessions count.
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
# Sessions live in the database: Redis may die without signing anyone out.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
# Each service configures logging itself, with its own name, by stack.logs.
LOGGING_CONFIG = "logging.config.dictConfig"
