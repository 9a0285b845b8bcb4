"""docs/releasing.md lists the names that an adopter may rely on: all that there are, as the code spells them."""

import re
import tomllib
from pathlib import Path

import pytest
from conftest import REPOSITORY

PACKAGE = REPOSITORY / "packages/bellhop"
SOURCE = PACKAGE / "src/bellhop"
TEXT = (REPOSITORY / "docs/releasing.md").read_text()
ROWS = dict(re.findall(r"^\| (\w[\w ]*) \| (.+) \|$", TEXT, re.MULTILINE))
"""The table's second column by its first."""


def code(path: str) -> str:
    return (SOURCE / path).read_text()


def code_of(path: str) -> str:
    return (PACKAGE / "js/src" / path).read_text()


def test_the_settings_are_those_of_the_code() -> None:
    keys = re.findall(r"^    ([A-Z][A-Z_]+): ", code("conf.py"), re.MULTILINE)
    assert re.findall(r"\b[A-Z][A-Z_]+\b", ROWS["settings"].split("keys:")[1]) == keys


def test_the_commands_and_their_options_are_those_of_the_code() -> None:
    told = {
        name: set(re.findall(r"`(--[\w-]+)`", options))
        for name, options in re.findall(r"`(bellhop_\w+)` \(([^)]*)\)", ROWS["commands"])
    }
    assert told == {
        path.stem: set(re.findall(r'"(--[\w-]+)"', path.read_text()))
        for path in (SOURCE / "management/commands").glob("bellhop_*.py")
    }


def test_the_tasks_are_those_of_the_code() -> None:
    tasks = re.findall(r'"(bellhop\.tasks\.\w+)"', code("contract.py"))
    assert re.findall(r"`(bellhop\.tasks\.\w+)`", ROWS["Celery"]) == tasks


def test_the_apps_and_their_labels_are_those_of_the_code() -> None:
    configs = "".join(path.read_text() for path in SOURCE.rglob("apps.py"))
    named = set(re.findall(r'^    (?:name|label) = "([\w.]+)"', configs, re.MULTILINE))
    assert set(re.findall(r"`([\w.]+)`", ROWS["apps"])) == named


def test_the_names_of_addresses_are_those_of_the_code() -> None:
    told = set(re.findall(r"`(\w+)`", ROWS["addresses"]))
    assert told >= set(re.findall(r'name="(\w+)"', code("urls.py")))


def test_the_tags_and_their_arguments_are_those_of_the_code() -> None:
    told = {
        name: set(re.findall(r"`(\w+)`", arguments))
        for name, arguments in re.findall(r"`(bellhop_\w+)` \(([^)]*)\)", ROWS["tags"])
    }
    for path in ("templatetags/bellhop.py", "jinja2.py"):
        taken = {
            name: set(re.findall(r"(\w+): (?:bool|str)", arguments))
            for name, arguments in re.findall(r"^def (\w+)\(([^)]*)\)", code(path), re.MULTILINE)
        }
        assert {name: taken[name] for name in told} == told, path


def test_the_elements_and_what_a_page_may_say_to_them_are_those_of_the_code() -> None:
    script = "\n".join(path.read_text() for path in (PACKAGE / "js/src").rglob("*.js"))
    look = script + code("static/bellhop/inbox.css")
    assert set(re.findall(r"`<(bellhop-\w+)>`", ROWS["elements"])) == set(
        re.findall(r'"(bellhop-(?:bell|inbox|toasts))"', script)
    )
    attributes = re.findall(r'tAttribute\("([a-z-]+)"', code_of("ui/bell/bell-element.js"))
    told = set(re.findall(r"`([a-z-]+)`", ROWS["elements"]))
    assert told >= set(attributes) - {"href", "aria-label"}
    assert told >= set(re.findall(r"\[(data-bellhop-[a-z-]+)", script))
    parts = re.findall(r'part: "([a-z-]+)"', script)
    assert set(re.findall(r"`([a-z-]+)`", ROWS["parts"])) == set(parts)
    properties = re.findall(r"var\((--bellhop-[a-z-]+)", look)
    assert set(re.findall(r"`(--[a-z-]+)`", ROWS["custom properties"])) == set(properties)
    events = re.findall(r'announce\("(\w+)"', script)
    assert set(re.findall(r"`bellhop:(\w+)`", ROWS["events"])) == set(events)


def test_the_reference_of_the_bell_has_each_of_these_names() -> None:
    reference = (REPOSITORY / "docs/bell.md").read_text()
    names = {
        name
        for row in ("parts", "custom properties", "events", "tags")
        for name in re.findall(r"`([\w:-]+)`", ROWS[row])
    }
    assert [name for name in sorted(names) if name not in reference] == []


def test_the_templates_and_the_context_processor_are_there() -> None:
    told = re.findall(r"`(\w+\.html)`", ROWS["templates"])
    assert [name for name in told if not (SOURCE / "templates/bellhop" / name).exists()] == []
    module, _, name = re.findall(r"`(bellhop\.[\w.]+)`", ROWS["context processor"])[0].rpartition(
        "."
    )
    assert f"def {name}(" in code(f"{module.partition('.')[2].replace('.', '/')}.py")


def test_the_extras_are_those_of_the_package() -> None:
    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text())["project"]
    assert set(re.findall(r"`(\w+)`", ROWS["extras"])) == set(project["optional-dependencies"])


@pytest.mark.parametrize(
    ("module", "names"), re.findall(r"`(bellhop\.[\w.]+)`: ((?:`\w+`(?:, )?)+)", TEXT)
)
def test_a_module_has_the_names_that_are_listed(module: str, names: str) -> None:
    path = SOURCE.parent / Path(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    text = file.read_text()
    missing = [name for name in re.findall(r"\w+", names) if not re.search(rf"\b{name}\b", text)]
    assert missing == []


PRIVATE_FIELDS = ("rev", "request_id", "updated_rev", "unarchived_rev", "in_storm", "summary")


def test_the_fields_of_a_row_are_those_of_the_model() -> None:
    told = re.findall(r"\w+", ROWS["rows"].partition("fields ")[2].partition(";")[0])
    fields = re.findall(
        r"^    (\w+) = (?:models\.|FactsField)", code("models/notification.py"), re.M
    )
    # What only the stack's own parts need stays private.
    assert told == [name for name in fields if name not in PRIVATE_FIELDS]
