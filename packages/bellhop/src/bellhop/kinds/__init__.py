"""What is special about a kind of notification. A project declares its own in a module `bellhop_kinds` of any app:

from bellhop.kinds import Kind, register

register(Kind("order.paid", label="Orders", message="Order {{ number }} is paid"))
"""

from bellhop.kinds.kind import Facts, Kind
from bellhop.kinds.registry import register

__all__ = ["Facts", "Kind", "register"]
