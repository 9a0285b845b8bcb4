"""`manage.py notify USER "text"`: the package's command under this stack's shorter name."""

from bellhop.management.commands.bellhop_notify import Command

__all__ = ["Command"]
