"""What cannot work is refused when a project starts, and `bellhop_check` says what to write; never a traceback."""

import pytest

from rows.checks.project import Project, database, database_settings

pytestmark = pytest.mark.timeout(300)

SQLITE = 'DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}'
# As good a driver as it takes for Django's engine to be loaded: without any, Django itself stops.
MYSQL = """
import sys
from unittest.mock import MagicMock
for name in ("MySQLdb", "MySQLdb.constants", "MySQLdb.converters"):
    sys.modules[name] = MagicMock(version_info=(2, 2, 8), __version__="2.2.8", __spec__=None)
driver = sys.modules["MySQLdb"]
kinds = "Data Operational Integrity Internal Programming NotSupported Database Interface"
for kind in ["", *kinds.split()]:
    setattr(driver, f"{kind}Error", type(f"{kind}Error", (Exception,), {}))
driver.connect.side_effect = driver.OperationalError("nobody is there")
DATABASES = {"default": {"ENGINE": "django.db.backends.mysql", "NAME": "theirs"}}
"""
# Likewise, and psycopg 3 is not there.
PSYCOPG2 = """
import sys
from unittest.mock import MagicMock
sys.modules["psycopg"] = None
for name in ("psycopg2", "psycopg2.errors", "psycopg2.extensions", "psycopg2.extras", "psycopg2.sql"):
    sys.modules[name] = MagicMock(__version__="2.9.11", __spec__=None)
"""
BACKENDS = "django.contrib.sessions.backends"


@pytest.mark.parametrize(
    ("settings", "identity", "to_write"),
    [
        (SQLITE, "bellhop.E001", "django.db.backends.postgresql"),
        (MYSQL, "bellhop.E001", "django.db.backends.postgresql"),
        (PSYCOPG2, "bellhop.E002", 'pip install "psycopg[binary,pool]"'),
        (f'SESSION_ENGINE = "{BACKENDS}.signed_cookies"', "bellhop.E021", "SESSION_ENGINE = "),
        ('SESSION_ENGINE = "nowhere"', "bellhop.E021", "SESSION_ENGINE = "),
        ('INSTALLED_APPS.remove("django.contrib.sessions")', "bellhop.E011", "INSTALLED_APPS += "),
        (f'SESSION_ENGINE = "{BACKENDS}.cache"', "bellhop.E022", "CACHES = "),
        ('BELLHOP = {**BELLHOP, "RINGS": "direct"}', "bellhop.E042", "Did you mean 'RING'?"),
        ('BELLHOP = "redis://redis"', "bellhop.E041", "BELLHOP = {"),
        ("MIDDLEWARE = []", "bellhop.E012", "SessionMiddleware"),
        ('INSTALLED_APPS += ["bellhop.contrib.allauth"]', "bellhop.E052", "bellhop.contrib.auth"),
        (
            'INSTALLED_APPS += ["bellhop.contrib.allauth"]\nimport sys; sys.modules["allauth"] = None',
            "bellhop.E052",
            'pip install "django-bellhop[allauth]"',
        ),
    ],
    ids=[
        "sqlite",
        "mysql",
        "psycopg2",
        "cookies",
        "nowhere",
        "no session app",
        "locmem",
        "typo",
        "no dictionary",
        "no sessions",
        "allauth app",
        "allauth",
    ],
)
def test_it_is_refused_and_the_tool_says_what_to_write(
    plain: Project, settings: str, identity: str, to_write: str
) -> None:
    run = plain.manage("bellhop_check", "--ws", "http://127.0.0.1:1", settings=settings)
    assert run.code == 1
    assert "Traceback" not in run.out + run.err
    line = run.line(f"missing {identity}: ")
    assert to_write in line
    assert run.lines[-1].startswith("took ")


def test_a_project_does_not_start(plain: Project) -> None:
    run = plain.manage("check", settings=SQLITE)
    assert run.code == 1
    assert "Traceback" not in run.err
    assert "(bellhop.E001)" in run.err


def test_a_database_that_cannot_be_is_not_migrated(plain: Project) -> None:
    run = plain.manage("migrate", settings=SQLITE)
    assert run.code == 1
    assert "(bellhop.E001)" in run.err
    assert "Applying" not in run.out


def test_notify_from_a_shell_says_what_is_not_migrated(plain: Project) -> None:
    user = 'from django.contrib.auth.models import User; User.objects.create_user("ada")'
    with database("test_bellhop_half") as name:
        settings = f'DATABASES["default"] = {database_settings(name)!r}'

        def told() -> str:
            run = plain.manage("bellhop_notify", "ada", "hello", settings=settings)
            assert (run.code, run.out) == (1, "")
            (line,) = run.err.splitlines()
            assert line.endswith(": run python manage.py migrate")
            return line

        assert '"auth_user" does not exist' in told()
        assert plain.manage("migrate", "auth", settings=settings).code == 0
        assert plain.manage("shell", "-c", user, settings=settings).code == 0
        assert '"bellhop_preferences" does not exist' in told()
        assert plain.manage("migrate", settings=settings).code == 0
        assert plain.manage("bellhop_notify", "ada", "hello", settings=settings).code == 0


def test_users_that_are_no_users_are_refused(plain: Project) -> None:
    plain.write("strange/__init__.py", "")
    plain.write(
        "strange/models.py",
        "from django.db import models\n"
        "class Person(models.Model):\n"
        "    name = models.CharField(max_length=9, unique=True)\n"
        '    USERNAME_FIELD = "name"\n    REQUIRED_FIELDS = []\n'
        "    is_anonymous = False\n    is_authenticated = True\n"
        "class Pair(models.Model):\n"
        '    pk = models.CompositePrimaryKey("left", "right")\n'
        "    left = models.IntegerField()\n    right = models.IntegerField()\n"
        '    USERNAME_FIELD = "left"\n    REQUIRED_FIELDS = []\n'
        "    is_anonymous = False\n    is_authenticated = True\n",
    )
    for model, identity in (("Person", "bellhop.E031"), ("Pair", "bellhop.E032")):
        settings = f'INSTALLED_APPS += ["strange"]\nAUTH_USER_MODEL = "strange.{model}"'
        run = plain.manage("check", settings=settings)
        assert run.code == 1
        assert "Traceback" not in run.err
        assert f"({identity})" in run.err
