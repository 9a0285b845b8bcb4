"""Who may do what to the database, asked from each service's container as it runs, with what that service has."""

from typing import Final

import pytest
from support import containers
from support.containers import ask_python

pytestmark = pytest.mark.containers("local processes are all whoever started them")

REFUSED: Final = "42501"
"""PostgreSQL's code for: permission denied."""

ANYWHERE: Final = (
    "CREATE TABLE taken (n int)",
    "CREATE TEMPORARY TABLE taken (n int)",
    "CREATE SCHEMA taken",
    "CREATE ROLE taken",
    "ALTER TABLE bellhop_notification ADD COLUMN taken int",
    "DROP TABLE bellhop_removal",
    "TRUNCATE bellhop_removal",
    "COPY (SELECT 1) TO PROGRAM 'id'",
    "COPY bellhop_removal FROM PROGRAM 'id'",
    "COPY (SELECT 1) TO '/tmp/taken'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT lo_create(0)",
    "SELECT * FROM pg_authid",
    "SELECT pg_reload_conf()",
    "ALTER ROLE bellhop PASSWORD 'taken'",
    "DELETE FROM django_migrations",
    "SET ROLE bellhop",
)

ASK: Final = """
from django.db import DatabaseError, connection, transaction

def ask(statement):
    try:
        # Whatever is let through by mistake is undone.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return getattr(error.__cause__, "sqlstate", None) or repr(error)
    return "done"

print(json.dumps({one: ask(one) for one in json.loads(sys.argv[1])}))
"""

KNOCK: Final = """
import pathlib
import psycopg
from django.db import connection

words = {value for value in os.environ.values() if value}
for path in pathlib.Path("/credentials").rglob("*"):
    if path.is_file():
        words |= {path.read_text().strip(), *path.read_text().strip().split(":")}
own = connection.settings_dict
let_in = []
for role in json.loads(sys.argv[1]):
    for password in sorted({*words, own["PASSWORD"], role, "postgres", ""}):
        try:
            where = {"host": own["HOST"], "port": own["PORT"], "dbname": own["NAME"]}
            psycopg.connect(**where, user=role, password=password).close()
        except (psycopg.Error, ValueError):
            continue
        let_in.append(role)
print(json.dumps([own["USER"], sorted(set(let_in))]))
"""


@pytest.mark.parametrize("service", ["web", "worker", "ws"])
def test_a_service_makes_no_tables_runs_no_programs_and_becomes_nobody_else(service: str) -> None:
    answers = ask_python(service, ASK, ANYWHERE)
    assert answers == dict.fromkeys(ANYWHERE, REFUSED)


def test_ws_writes_to_no_table_at_all() -> None:
    _, listed = containers.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    tables = listed.split()
    assert "bellhop_notification" in tables
    statements = [f"DELETE FROM {one}" for one in tables]
    statements += [f"INSERT INTO {one} DEFAULT VALUES" for one in tables]
    assert ask_python("ws", ASK, statements) == dict.fromkeys(statements, REFUSED)
    _, updatable = containers.sql(
        "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        " AND has_any_column_privilege('bellhop_reader', oid, 'INSERT, UPDATE, REFERENCES')"
    )
    assert updatable.strip() == "0"


def test_ws_reads_what_a_socket_needs_and_nobodys_address() -> None:
    may = ["SELECT id, password, is_active, date_joined FROM auth_user"]
    may_not = [
        "SELECT email FROM auth_user",
        "SELECT * FROM auth_user",
        "SELECT * FROM account_emailaddress",
        "SELECT * FROM usersessions_usersession",
        "SELECT * FROM bellhop_searchchunk",
    ]
    expected = {**dict.fromkeys(may, "done"), **dict.fromkeys(may_not, REFUSED)}
    assert ask_python("ws", ASK, [*may, *may_not]) == expected


@pytest.mark.parametrize(
    ("service", "itself"),
    [("web", "bellhop_application"), ("worker", "bellhop_application"), ("ws", "bellhop_reader")],
)
def test_with_all_that_a_service_can_read_it_logs_in_as_nobody_but_itself(
    service: str, itself: str
) -> None:
    roles = ["bellhop", "bellhop_application", "bellhop_reader", "postgres"]
    assert ask_python(service, KNOCK, roles) == [itself, [itself]]


def test_the_owners_password_is_in_no_environment_but_the_databases_and_the_one_shots() -> None:
    environments = {
        one.labels["com.docker.compose.service"]: dict(
            line.split("=", 1) for line in one.attrs["Config"]["Env"]
        )
        for one in containers.containers()
    }
    password = environments["db"]["POSTGRES_PASSWORD"]
    know = {service for service, has in environments.items() if password in has.values()}
    assert know <= {"db", "preflight", "migrate", "tests"}
    assert "db" in know
