"""Mechanisms that are taken out of a copy of the code, one at a time, to see the oracle turn red.

Data only, and for whatever Python a host has: `bellhop prove --sabotage` reads it before anything is installed.
"""

from typing import Dict, List, NamedTuple, Tuple  # noqa: UP035


class Sabotage(NamedTuple):
    """Edits as (file, old, new), each of which must fit exactly once, and the faults under which it must show."""

    title: str
    edits: List[Tuple[str, str, str]]  # noqa: UP006
    faults: str


BEAT = "packages/bellhop/src/bellhop/sockets/periodic_check_of_open_sockets.py"
CHANGES = "packages/bellhop/src/bellhop/sockets/changes_since.py"
CONSUMERS = "packages/bellhop/src/bellhop/sockets/consumer.py"
CONTRACT = "packages/bellhop/src/bellhop/contract.py"
MIGRATION = "packages/bellhop/src/bellhop/migrations/0001_initial.py"
MODELS = "packages/bellhop/src/bellhop/models/notification.py"
SAVE_ROWS = "packages/bellhop/src/bellhop/saving/save_rows.py"
SESSIONS = "packages/bellhop/src/bellhop/sessions/logout_closes_sockets.py"

SABOTAGES: Dict[str, Sabotage] = {  # noqa: UP006
    "catch-up": Sabotage(
        "a socket that opens starts at the latest, whatever it asks for",
        [
            (
                CONSUMERS,
                '                await self._send_missed("catch-up", missed)\n',
                "                self.cursor = state.seq\n",
            )
        ],
        "5",
    ),
    "unique": Sabotage(
        "no unique rules, and no regard for the key",
        [
            (
                SAVE_ROWS,
                "        ON CONFLICT (recipient_id, key) DO NOTHING\n",
                "",
            ),
            (
                MODELS,
                '            models.UniqueConstraint(fields=["recipient", "seq"], name="bellhop_one_per_seq"),\n',
                "",
            ),
            (
                MODELS,
                '            models.UniqueConstraint(fields=["recipient", "key"], name="bellhop_one_per_key"),\n',
                "",
            ),
            (
                MIGRATION,
                "models.UniqueConstraint(fields=('recipient', 'seq'), name='bellhop_one_per_seq'), "
                "models.UniqueConstraint(fields=('recipient', 'key'), name='bellhop_one_per_key'), ",
                "",
            ),
        ],
        "1",
    ),
    "cursor": Sabotage(
        "a ring is forwarded whatever came before it",
        [
            (
                CONSUMERS,
                'if frame["seq"] == self.cursor + 1 and not self._withholds():',
                "if not self._withholds():",
            )
        ],
        "2",
    ),
    "group": Sabotage(
        "two neighbours share a group",
        [
            (
                CONTRACT,
                'return f"{GROUP_PREFIX}{key}"',
                'return f"{GROUP_PREFIX}{int(key) // 2}"',
            )
        ],
        "1",
    ),
    "kick": Sabotage(
        "no socket is told that a session has ended",
        [(SESSIONS, "            publish_thread.kick(user_id)\n", "            pass\n")],
        "10",
    ),
    "updated": Sabotage(
        "no open page is told what an update says",
        [(CHANGES, '    frame["updated"] = updated\n', '    frame["updated"] = []\n')],
        "1",
    ),
    "beat": Sabotage(
        "no beat repairs what rings have missed",
        [(BEAT, "                await self.tick()\n", "                pass\n")],
        "2",
    ),
}
