"""`manage.py bellhop_grants ROLE`: the SQL that lets a database role serve sockets, and nothing else. It runs none."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from bellhop.sockets import database_privileges


class Command(BaseCommand):
    help = (
        "Print the statements that let a database role do what bellhop_ws does, and nothing else."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", metavar="ROLE", help="a role that exists, and owns nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        for statement in database_privileges.statements(options["role"]):
            self.stdout.write(f"{statement};")
