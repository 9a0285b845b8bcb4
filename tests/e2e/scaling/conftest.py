"""One scaled stack for all tests of this folder: each container of it is started once."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from support import replicas


@pytest.fixture(scope="package")
async def scale() -> AsyncIterator[Callable[..., Awaitable[None]]]:
    """A function: `await scale(ws=3)` sees to it that there are three, or more if a test before wanted them."""
    yield replicas.at_least
    await replicas.back_to_one("ws", "web", "worker")
