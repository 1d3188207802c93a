"""The softphone page where a call needs a token."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from gateway.access import Access
from gateway.listener import HttpSettings, listening
from gateway.server import create_app
from tests.gateway.chromium import GRANT, NEEDED, PLAIN_ADDRESSES, chromium
from tests.gateway.fakes import until
from tests.gateway.switchboard import LegSwitchboard
from tests.gateway.test_access import ONCE, token

pytestmark = NEEDED


@pytest.fixture
def switchboard() -> LegSwitchboard:
    return LegSwitchboard()


@pytest_asyncio.fixture
async def url(switchboard: LegSwitchboard) -> AsyncIterator[str]:
    app = create_app(switchboard, access=Access([ONCE]))
    async with listening(app, HttpSettings(port=0)) as url:
        yield url


async def test_a_page_that_needs_a_token_asks_for_it(url: str, switchboard: LegSwitchboard) -> None:
    async with chromium(PLAIN_ADDRESSES, GRANT) as page:
        await page.goto(url)
        await expect(page.locator("#token")).to_be_hidden()
        await page.click("#call")
        await expect(page.locator("#error")).to_have_text("A call needs a bearer token.")
        await expect(page.locator("#token")).to_be_focused()
        await page.fill("#token", token("a secret that is not the tenant's"))
        await page.press("#token", "Enter")
        await expect(page.locator("#error")).to_have_text("The token's signature is wrong.")
        await page.fill("#token", f" {token()} ")
        await page.click("#call")
        await until(lambda: [leg for leg in switchboard.legs.values() if leg.connected], within=20)
        assert list(switchboard.tenants.values()) == ["acme"]


async def test_a_page_takes_its_token_from_the_fragment_and_out_of_the_address(
    url: str, switchboard: LegSwitchboard
) -> None:
    async with chromium(PLAIN_ADDRESSES, GRANT) as page:
        await page.goto(f"{url}/?test#token={token()}")
        assert await page.evaluate("location.href") == f"{url}/?test"
        await page.click("#call")
        await until(lambda: [leg for leg in switchboard.legs.values() if leg.connected], within=20)
        await expect(page.locator("#token")).to_be_hidden()
        await page.click("#call")
        await until(lambda: not switchboard.legs)
        await page.click("#call")
        await expect(page.locator("#error")).to_contain_text("there was one")
        await expect(page.locator("#token")).to_be_visible()
