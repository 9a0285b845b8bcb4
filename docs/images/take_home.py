"""Take docs/images/home.png anew: `python docs/images/take_home.py http://localhost`, of a development stack that runs.

Sends what home.jsonl says to the account demo, so the stack should be a new one. Wants playwright and
/usr/bin/chromium.
"""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

HERE = Path(__file__).parent


def main(url: str) -> None:
    """Sign in, let the last notification arrive, and take the picture."""
    *before, last = (HERE / "home.jsonl").read_text().splitlines(keepends=True)
    _send("".join(before))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = browser.new_page(base_url=url, viewport={"width": 1120, "height": 760})
        page.goto("/accounts/login/")
        page.fill("input[name=login]", "demo")
        page.fill("input[name=password]", "demo")
        page.click("main button[type=submit]")
        expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "open")
        _send(last)
        expect(page.get_by_test_id("toast")).not_to_have_count(0)
        page.screenshot(path=HERE / "home.png", animations="disabled")
        browser.close()


def _send(lines: str) -> None:
    command = [
        "docker",
        "compose",
        "exec",
        "-T",
        "web",
        "python",
        "manage.py",
        "notify",
        "--file",
        "-",
    ]
    subprocess.run(command, input=lines, text=True, check=True)


if __name__ == "__main__":
    main(sys.argv[1])
