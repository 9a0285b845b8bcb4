"""What others install holds the whole package, nothing else, and says the truth about itself."""

import email
import email.message
import re
import tarfile
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import REPOSITORY
from wheels.build import PACKAGE, build
from wheels.combinations import COMBINATIONS

SOURCE = PACKAGE / "src"
PROJECT: dict[str, Any] = tomllib.loads((PACKAGE / "pyproject.toml").read_text())["project"]
EXTRAS = {"allauth", "celery", "ws"}


@dataclass(frozen=True)
class Built:
    """What was built."""

    wheel: dict[str, bytes]
    sdist: set[str]

    def of_metadata(self, name: str) -> bytes:
        """Return the wheel's own file of this name, beside the package."""
        (path,) = [path for path in self.wheel if path.endswith(f".dist-info/{name}")]
        return self.wheel[path]

    @property
    def metadata(self) -> email.message.Message:
        return email.message_from_bytes(self.of_metadata("METADATA"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    wheel, sdist = build(tmp_path_factory.mktemp("dist"))
    with zipfile.ZipFile(wheel) as files:
        contents = {name: files.read(name) for name in files.namelist() if not name.endswith("/")}
    with tarfile.open(sdist) as archive:
        names = {member.name.partition("/")[2] for member in archive if member.isfile()}
    return Built(contents, names)


def sources() -> dict[str, bytes]:
    """Return each file of the package's source, by its path from the import root."""
    return {
        str(path.relative_to(SOURCE)): path.read_bytes()
        for path in SOURCE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_each_file_of_the_package_as_it_is_and_nothing_else(built: Built) -> None:
    inside = {path: text for path, text in built.wheel.items() if ".dist-info/" not in path}
    assert sorted(inside) == sorted(sources())
    assert inside == sources()


@pytest.mark.parametrize(
    "needed",
    [
        r"bellhop/py\.typed",
        r"bellhop/templates/bellhop/inbox\.html",
        r"bellhop/static/bellhop/.+\.js",
        r"bellhop/static/bellhop/.+\.css",
        r"bellhop/static/bellhop/words\.de\.js",
        r"bellhop/locale/de/LC_MESSAGES/django\.mo",
        r"bellhop/migrations/0001_initial\.py",
        r"bellhop/management/commands/bellhop_ws\.py",
        r"bellhop/contrib/allauth/apps\.py",
        r".+\.dist-info/licenses/LICENSE",
    ],
)
def test_the_wheel_holds_what_is_no_module_too(built: Built, needed: str) -> None:
    assert [path for path in built.wheel if re.fullmatch(needed, path)]


@pytest.mark.parametrize("foreign", ["stack", "tests", "test_", "conftest", "__pycache__"])
def test_the_wheel_holds_neither_tests_nor_this_stack(built: Built, foreign: str) -> None:
    parts = {part for path in built.wheel for part in Path(path).parts}
    assert [part for part in parts if part.startswith(foreign)] == []


def test_the_sdist_holds_what_it_is_built_from(built: Built) -> None:
    assert built.sdist >= {f"src/{path}" for path in sources()}
    assert built.sdist >= {"pyproject.toml", "README.md", "LICENSE", "PKG-INFO"}
    for folder, ending in (("js/src", "*.js"), ("css", "*.css")):
        modules = (SOURCE.parent / folder).rglob(ending)
        assert built.sdist >= {str(path.relative_to(SOURCE.parent)) for path in modules}
    assert built.sdist >= {"js/build.mjs", "js/package.json", "js/package-lock.json"}


def test_the_licence_is_that_of_the_repository(built: Built) -> None:
    assert built.of_metadata("licenses/LICENSE") == (REPOSITORY / "LICENSE").read_bytes()
    assert built.metadata["License-Expression"] == "BSD-3-Clause"


def test_the_metadata_name_the_package_its_extras_and_its_type_hints(built: Built) -> None:
    told = built.metadata
    assert (told["Name"], told["Version"]) == ("django-bellhop", PROJECT["version"])
    assert set(told.get_all("Provides-Extra", [])) == EXTRAS
    assert told["Requires-Python"] == ">=3.12"
    assert "Typing :: Typed" in told.get_all("Classifier", [])


def test_the_releases_that_the_metadata_name_are_those_that_are_tried(built: Built) -> None:
    told = built.metadata.get_all("Classifier", [])
    for words, tried in (
        ("Framework :: Django :: ", {combination.django for combination in COMBINATIONS}),
        ("Programming Language :: Python :: 3.", {c.python[2:] for c in COMBINATIONS}),
    ):
        named = {text.removeprefix(words) for text in told if text.startswith(words)}
        # Python 3.13 stands between two that are tried.
        assert tried <= named <= {*tried, "13"}


def test_no_dependency_is_pinned_to_this_stacks_own_release(built: Built) -> None:
    required = [text.partition(";")[0] for text in built.metadata.get_all("Requires-Dist", [])]
    assert required
    assert [text for text in required if ">=" not in text or "==" in text] == []


def test_an_index_page_shows_the_readme_without_links_that_lead_nowhere(built: Built) -> None:
    said = built.metadata.get_payload()
    assert said == (PACKAGE / "README.md").read_text()
    assert built.metadata["Description-Content-Type"] == "text/markdown"
    # There, a path of this repository is no address.
    assert re.findall(r"\]\((?!https?:)[^)]*\)", said) == []


def test_this_stack_stays_on_the_newest_django_that_the_package_allows() -> None:
    locked = tomllib.loads((REPOSITORY / "uv.lock").read_text())["package"]
    (version,) = [package["version"] for package in locked if package["name"] == "django"]
    assert version.startswith("6.1.")
