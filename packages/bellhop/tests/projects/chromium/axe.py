"""axe-core, which looks for what keeps people from using a page: as in docs/bell.md, no violation is let pass."""

from typing import Any, Final

from playwright.async_api import Page

from projects.chromium.libraries import libraries

_RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def violations(page: Page, within: str = "") -> list[str]:
    """Return what axe finds wrong in the whole page, or within a part of it, shadow roots included: a line each.

    It looks at the page as it is: what is hidden, closed or not there yet must be shown before.
    """
    if not await page.evaluate("typeof window.axe === 'object'"):
        # Past the page's policy, as a browser's own tools are.
        await page.evaluate((libraries() / "axe-core/axe.min.js").read_text())
    options = {"runOnly": {"type": "tag", "values": _RULES}, "resultTypes": ["violations"]}
    found: dict[str, Any] = await page.evaluate(
        "([within, options]) => axe.run(within || document, options)", [within, options]
    )
    return [
        f"{each['id']}: {node['failureSummary']} {node['target']} {node['html'][:200]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]
