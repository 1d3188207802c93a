from collections.abc import AsyncIterator

import pytest_asyncio

from gateway.webrtc.leg import close_all


@pytest_asyncio.fixture(autouse=True)
async def no_leg_is_left_open() -> AsyncIterator[None]:
    yield
    await close_all()
