"""Chromium with a microphone that plays a file or a beep."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import pytest
from playwright.async_api import Page, async_playwright

CHROMIUM: Final = shutil.which("chromium")

NEEDED: Final = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]
"""The marks of a module that needs it."""

GRANT: Final = "--use-fake-ui-for-media-stream"
REFUSE: Final = "--deny-permission-prompts"
PLAIN_ADDRESSES: Final = "--disable-features=WebRtcHideLocalIpsWithMdns"

_FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
]


@asynccontextmanager
async def chromium(*flags: str) -> AsyncIterator[Page]:
    """Open a page in a browser of its own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*_FLAGS, *flags])
        try:
            yield await browser.new_page(viewport={"width": 1280, "height": 800})
        finally:
            await browser.close()
