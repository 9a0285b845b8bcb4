"""docs/shell.md: each of its lines does what it says, in its order."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User

from bellhop.kinds import Kind, registry
from bellhop.models import Notification
from rows.commands.conftest import Call, got

pytestmark = pytest.mark.django_db(transaction=True)

DOCUMENT = (Path(__file__).parents[5] / "docs/shell.md").read_text()
BLOCKS = re.findall(r"^```\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
LINES = [line for block in BLOCKS for line in block.splitlines() if line.startswith("python ")]
(FILE,) = [block for block in BLOCKS if block.startswith("user,")]


def test_every_line_of_the_document_is_run(
    user: User, other: User, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    registry.register(Kind("order.paid", message="Order {{ number }} is paid"))
    Group.objects.create(name="editors").user_set.add(other)
    (tmp_path / "orders.csv").write_text(FILE)
    said: dict[str, Any] = {}
    for line in LINES:
        python, program, *arguments = shlex.split(line)
        assert (python, program) == ("python", "manage.py")
        said[line] = answer = call(*arguments)
        assert answer.code == 0, (line, answer)
        if "orders-of-monday" in line:
            assert answer.out == ["2 sent"]
            assert got(other)[-1] == "Order 8 is paid"
        if line.endswith("--expires 3h"):
            messages = set(Notification.objects.filter(key="maintenance-12").values_list("message"))
            assert messages == {("Down at one instead",)}
    assert len(said) == 17
    assert (tmp_path / "ada.json").stat().st_size > 100
    assert got(user) == []
    assert not Notification.objects.filter(key="maintenance-12").exists()
    assert got(other) == ["A draft waits for you", "Order 8 is paid"]
