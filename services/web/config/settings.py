"""The web service: accounts, pages, JSON API, admin. Wiring, decides nothing."""

from pathlib import Path

from django.utils.csp import CSP

from config import sizes
from config.mail import mailer
from stack import environment, logs
from stack.settings import *  # noqa: F403
from stack.settings import (
    CACHE_URL,
    DATABASES,
    DEBUG,
    INSTALLED_APPS,
    PUBLIC_ORIGINS,
    PUBLIC_URL,
    RATE_LIMITS,
    REDIS_PREFIX,
)

# One for each thread that answers requests: none waits for a connection, and none is kept for nobody.
if "pool" in DATABASES["default"]["OPTIONS"]:
    DATABASES["default"]["OPTIONS"]["pool"]["max_size"] = sizes.threads()

BASE_DIR = Path(__file__).resolve().parent.parent
LOGGING = logs.configure("web")
LOGGING["filters"] = {
    "mask": {"()": "core.requests.request_log.MaskingFilter"},
    "health": {"()": "core.requests.request_log.HealthFilter"},
}
LOGGING["handlers"]["stdout"]["filters"] = ["mask"]
LOGGING["loggers"]["django.request"]["filters"] = ["health"]

INSTALLED_APPS += [
    "django.contrib.admin",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_structlog",
    "core",
    "allauth",
    "allauth.account",
    "config.apps.UserSessionsConfig",
]
MIDDLEWARE = [
    "core.health.healthz.HealthMiddleware",
    "core.requests.cache_headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    # Before whatever may refuse a request: a refusal is in the language of who reads it, too.
    "django.middleware.locale.LocaleMiddleware",
    "core.requests.allowed_hosts.HostMiddleware",
    "core.requests.session_middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "core.requests.storable_text.StorableMiddleware",
    "bellhop.http.page_owner.OwnerMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "core.accounts.secret_key_change_keeps_sessions.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.requests.request_log.RequestMiddleware",
    "core.requests.database_unavailable.DatabaseMiddleware",
    "core.accounts.last_seen.LastSeenMiddleware",
    "core.accounts.mail.MailMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
# Uncached in development, so that an edited template is live at the next request.
_loaders = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bellhop.http.context_processors.page_owner",
                "core.pages.context_processors.stack",
            ],
            "loaders": _loaders if DEBUG else [("django.template.loaders.cached.Loader", _loaders)],
        },
    }
]

# Throttles only. Its first error (within 0.2 s) turns it to a local cache for 30 s.
CACHES = {
    "default": {
        "BACKEND": "core.accounts.rate_limit_cache.ThrottleCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": REDIS_PREFIX,
    }
}
# Where /readyz asks the socket service.
WS_URL = environment.text("WS_URL", "http://ws:8001")

# Of the pages and mails: as the browser asks, or as somebody has chosen at the end of a page. packages/languages.py
# makes the catalogs.
LANGUAGES = [("en", "English"), ("de", "German"), ("ar", "Arabic")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SAMESITE = "Lax"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = environment.choice(
    "EMAIL_VERIFICATION", "none", ("none", "optional", "mandatory")
)
ACCOUNT_ADAPTER = "core.accounts.adapter.AccountAdapter"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = PUBLIC_URL.scheme
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Bellhop] "
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
# nginx overwrites X-Forwarded-For: exactly one proxy whose word counts. Without this, everybody
# would share nginx's address and with it one rate limit.
ALLAUTH_TRUSTED_PROXY_COUNT = 1
# nginx goes by it; read here, so that preflight refuses what nginx could not take.
TRUSTED_PROXIES = environment.networks("TRUSTED_PROXIES")
if not RATE_LIMITS:
    ACCOUNT_RATE_LIMITS = False

# Only for the page that tells what to put into .env.
HTTP_PORT = environment.port("HTTP_PORT", 80)
CSRF_FAILURE_VIEW = "core.pages.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = PUBLIC_ORIGINS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PUBLIC_URL.scheme == "https"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if PUBLIC_URL.scheme == "https" else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Sockets by name: an older Safari does not count them under 'self'.
_sockets = [origin.replace("http", "ws", 1) for origin in PUBLIC_ORIGINS]
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF, *_sockets],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

DEFAULT_FROM_EMAIL = environment.text("EMAIL_FROM", f"bellhop@{PUBLIC_URL.host.strip('[]')}")
_mailer = mailer(development=DEBUG)
SENDS_MAIL = _mailer is not None
MAILERS = {"default": _mailer or {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
if ACCOUNT_EMAIL_VERIFICATION == "mandatory" and not SENDS_MAIL:
    environment.refuse(
        "EMAIL_VERIFICATION", "mandatory needs mail: set EMAIL_URL (log writes it to web's log)"
    )

STATIC_URL = "/static/"
STATIC_ROOT = environment.text("STATIC_ROOT", str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "core.pages.static_storage.StaticStorage"
    }
}

# The request id that nginx made goes on through this service's logs and its tasks' headers.
DJANGO_STRUCTLOG_CELERY_ENABLED = True
# nginx overwrites whatever a client sends under this name.
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True
# It would ask the database where a failure cannot be answered; DatabaseMiddleware tells it who is signed in.
DJANGO_STRUCTLOG_USER_ID_FIELD = ""
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = 20
