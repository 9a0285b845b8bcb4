"""What is in the volume that nginx serves, after one update and after many."""

from pathlib import Path

import pytest

from core.pages import static_files_for_nginx
from core.pages.static_files_for_nginx import KEPT, publish


@pytest.fixture
def volume(tmp_path: Path) -> Path:
    (tmp_path / "volume").mkdir()
    return tmp_path / "volume"


def release(folder: Path, **files: str) -> Path:
    """Make what one build collects."""
    made = folder / "-".join(files)
    for name, text in files.items():
        path = made / f"bellhop/{name}.css"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return made


def served(volume: Path) -> set[str]:
    return {path.stem for path in volume.glob("bellhop/*.css")}


def test_a_page_of_the_release_before_finds_its_files_beside_the_new_ones(
    tmp_path: Path, volume: Path
) -> None:
    publish(release(tmp_path, old="a"), volume)
    publish(release(tmp_path, new="b"), volume)
    assert served(volume) == {"old", "new"}


def test_a_name_without_a_hash_has_the_newest_content(tmp_path: Path, volume: Path) -> None:
    publish(release(tmp_path, icon="a"), volume)
    publish(release(tmp_path / "later", icon="b"), volume)
    assert (volume / "bellhop/icon.css").read_text() == "b"


def test_everybody_may_read_it_and_nothing_half_written_is_left(
    tmp_path: Path, volume: Path
) -> None:
    publish(release(tmp_path, one="a"), volume)
    (path,) = volume.glob("bellhop/*")
    assert path.stat().st_mode & 0o777 == 0o444


def test_what_none_of_the_last_releases_had_is_deleted(tmp_path: Path, volume: Path) -> None:
    for number in range(KEPT + 2):
        publish(release(tmp_path, **{f"n{number}": "a", "always": "a"}), volume)
    kept = {f"n{number}" for number in range(2, KEPT + 2)}
    assert served(volume) == kept | {"always"}


def test_a_start_with_the_same_files_deletes_none_of_another_release(
    tmp_path: Path, volume: Path
) -> None:
    publish(release(tmp_path, old="a"), volume)
    for _ in range(KEPT + 2):
        publish(release(tmp_path, new="b"), volume)
    assert served(volume) == {"old", "new"}


def test_a_broken_list_of_releases_deletes_nothing(tmp_path: Path, volume: Path) -> None:
    publish(release(tmp_path, old="a"), volume)
    (volume / static_files_for_nginx._RELEASES).write_text("{broken")
    publish(release(tmp_path, new="b"), volume)
    assert served(volume) == {"old", "new"}
