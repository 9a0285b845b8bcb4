"""What is asked before production's data goes: the project's name, typed or given.

Python's standard library only, 3.9 or newer, as all of the door.
"""

import sys
from typing import Optional


def is_meant(
    project: str, given: Optional[str], *, asks: str, nothing: str, otherwise: str
) -> bool:
    """Return whether whoever wants it names the project; say what is missing otherwise.

    `asks` is said to a terminal before the question, `nothing` and `otherwise` where the name was not the right one.
    """
    if given is None and sys.stdin.isatty():
        print(asks)
        try:
            given = input("Type the project's name to go on: ").strip()
        except (EOFError, KeyboardInterrupt):
            given = ""
    if given == project:
        return True
    why = "its project is to be named" if given is None else "that is not its project's name"
    print(f"bellhop: {nothing}: {why}; {otherwise} --yes {project}", file=sys.stderr)
    return False
