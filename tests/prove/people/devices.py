"""The devices of those who take part, and their login sessions.

Hundreds of real logins would hash for minutes, so these sessions are made in web, by Django's own `login()`
underneath `force_login`; the run's stream of logins goes through the form.
"""

import json
from dataclasses import dataclass

from support import stack


@dataclass(frozen=True)
class Device:
    """One browser of one person: the name of its tab, and the session cookie it starts with."""

    username: str
    name: str
    cookie: str

    @property
    def tab(self) -> str:
        return f"{self.username}/{self.name}"


def make_devices(names: list[str], devices: str) -> list[Device]:
    """Sign each person in on one device a letter of `devices`; return the devices."""
    output = stack.shell(
        "import json\n"
        "from django.contrib.auth.models import User\n"
        "from django.test import Client\n"
        "made = []\n"
        f"users = User.objects.in_bulk({json.dumps(names)}, field_name='username')\n"
        f"for name in {json.dumps(names)}:\n"
        f"    for device in {devices!r}:\n"
        "        client = Client()\n"
        "        client.force_login(users[name], 'django.contrib.auth.backends.ModelBackend')\n"
        "        made.append([name, device, client.cookies['sessionid'].value])\n"
        "print('made ' + json.dumps(made))"
    )
    (line,) = [line for line in output.splitlines() if line.startswith("made ")]
    return [Device(*fields) for fields in json.loads(line.removeprefix("made "))]
