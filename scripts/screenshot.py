"""Take the picture of a call report that the README shows.

Run it as `python scripts/screenshot.py REPORT OUT.png`; it needs playwright and Debian's Chromium.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"


def screenshot(report: Path, out: Path, *, width: int, height: int, dark: bool) -> None:
    """Write the top of `report` as a PNG of `width` by `height` CSS pixels at double density."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(
            viewport={"width": width, "height": height},
            device_scale_factor=2,
            color_scheme="dark" if dark else "light",
        )
        page.goto(report.resolve().as_uri())
        page.wait_for_selector("body.scripted")
        page.screenshot(path=out)
        browser.close()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("report", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--width", type=int, default=1200)
    parser.add_argument("--height", type=int, default=1000)
    parser.add_argument("--dark", action="store_true")
    options = parser.parse_args()
    screenshot(
        options.report, options.out, width=options.width, height=options.height, dark=options.dark
    )


if __name__ == "__main__":
    main()
