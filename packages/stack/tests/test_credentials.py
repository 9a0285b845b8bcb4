"""What the stack gives its services itself: made once, read by who it is for."""

from pathlib import Path

import pytest

from stack.secrets import credentials
from stack.secrets.credentials import Credentials


def test_a_password_is_made_once_and_is_the_same_from_then_on(tmp_path: Path) -> None:
    path = tmp_path / "database"
    made = credentials.made_once(path, "reader")
    assert made.user == "reader"
    assert len(made.password) > 40
    assert credentials.made_once(path, "reader") == made
    assert [one.name for one in tmp_path.iterdir()] == ["database"]


def test_no_two_files_have_the_same_password(tmp_path: Path) -> None:
    made = {credentials.made_once(tmp_path / f"{n}", "reader").password for n in range(20)}
    assert len(made) == 20


def test_two_services_share_a_role_by_one_password(tmp_path: Path) -> None:
    web = credentials.made_once(tmp_path / "web", "application")
    assert credentials.made_once(tmp_path / "worker", "application", web.password) == web
    # And again, where one of them has lost its own.
    (tmp_path / "web").unlink()
    again = credentials.made_once(tmp_path / "web", "application")
    assert credentials.made_once(tmp_path / "worker", "application", again.password) == again


@pytest.mark.parametrize("torn", ["", "reader", "reader:", "somebody:else"])
def test_a_file_that_is_torn_or_of_another_role_is_made_anew(tmp_path: Path, torn: str) -> None:
    path = tmp_path / "database"
    path.write_text(torn)
    made = credentials.made_once(path, "reader")
    assert made.user == "reader"
    assert path.read_text() == f"reader:{made.password}\n"


def test_a_service_reads_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = credentials.made_once(tmp_path / "database", "reader")
    monkeypatch.setenv("CREDENTIALS", str(tmp_path))
    assert credentials.of("database") == made == Credentials("reader", made.password)


def test_whoever_is_given_none_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDENTIALS", raising=False)
    assert credentials.of("database") is None


def test_a_service_without_the_file_it_is_promised_says_who_makes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDENTIALS", str(tmp_path))
    with pytest.raises(SystemExit, match=r"CREDENTIALS: .*database is missing.*migrate makes it"):
        credentials.of("database")
