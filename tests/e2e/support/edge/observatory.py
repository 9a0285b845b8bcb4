"""The Mozilla HTTP Observatory's scoring, as far as it can be applied to an answer without asking Mozilla.

https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring: everyone starts at 100, and a bonus counts only
where there are 90 without any. What needs another site (preloading, cross-origin scripts, CORS) is left out.
"""

import re
from http.cookies import SimpleCookie

import httpx

GRADES = (
    *((100, "A+"), (90, "A"), (85, "A-"), (80, "B+"), (70, "B"), (65, "B-"), (60, "C+"), (50, "C")),
    *((45, "C-"), (40, "D+"), (30, "D"), (25, "D-")),
)
HALF_A_YEAR = 15_768_000


def grade(answer: httpx.Response) -> str:
    """Return A+ to F for one answer that came over TLS."""
    points = score(answer)
    return next((letter for least, letter in GRADES if points >= least), "F")


def score(answer: httpx.Response) -> int:
    """Return the points of one answer that came over TLS."""
    headers = answer.headers
    policy = _policy(headers.get("content-security-policy", ""))
    parts = [
        _content_security_policy(policy),
        _cookies(headers.get_list("set-cookie")),
        _transport_security(headers.get("strict-transport-security", "")),
        0 if headers.get("x-content-type-options") == "nosniff" else -5,
        _framing(policy, headers.get("x-frame-options", "")),
        _referrer(headers.get("referrer-policy", "")),
        _resources(headers.get("cross-origin-resource-policy", "")),
    ]
    points = 100 + sum(part for part in parts if part < 0)
    return points + sum(part for part in parts if part > 0) if points >= 90 else points


def _policy(text: str) -> dict[str, list[str]]:
    directives = (directive.split() for directive in text.split(";"))
    return {words[0].lower(): words[1:] for words in directives if words}


def _content_security_policy(policy: dict[str, list[str]]) -> int:
    if not policy:
        return -25
    fallback = policy.get("default-src", ["*"])
    scripts, styles = policy.get("script-src", fallback), policy.get("style-src", fallback)
    wide = {"*", "http:", "https:", "data:"}
    if "'unsafe-inline'" in scripts or wide & {*scripts, *policy.get("object-src", fallback)}:
        return -20
    if "'unsafe-eval'" in scripts:
        return -10
    if any(source.startswith("http:") for sources in policy.values() for source in sources):
        return -20
    if "'unsafe-inline'" in styles or wide & set(styles):
        return 0
    return 10 if policy.get("default-src") == ["'none'"] else 5


def _cookies(lines: list[str]) -> int:
    points = 5 if lines else 0
    for line in lines:
        ((name, cookie),) = SimpleCookie(line).items()
        is_session = "sess" in name or "login" in name
        if not cookie["secure"]:
            points = min(points, -40 if is_session else -20)
        if is_session and not cookie["httponly"]:
            points = min(points, -30)
        if not cookie["samesite"]:
            points = min(points, -20 if "csrf" in name else 0)
    return points


def _transport_security(text: str) -> int:
    age = re.search(r"max-age=(\d+)", text)
    if not age:
        return -20
    return 0 if int(age[1]) >= HALF_A_YEAR else -10


def _framing(policy: dict[str, list[str]], option: str) -> int:
    if policy.get("frame-ancestors") in (["'none'"], ["'self'"]):
        return 5
    return 0 if option in ("DENY", "SAMEORIGIN") else -20


def _referrer(text: str) -> int:
    if text in ("no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"):
        return 5
    return -5 if text in ("unsafe-url", "origin", "origin-when-cross-origin") else 0


def _resources(text: str) -> int:
    return 10 if text in ("same-origin", "same-site") else -50 if text == "unknown" else 0
