"""Who uses the project, in a browser of their own."""

from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

from wheels.adopter.running import PATIENCE, RefusedError

PASSWORD = "a stay of two nights"


class Person:
    """Somebody in a browser, which keeps its cookies."""

    def __init__(self, name: str, pages: int) -> None:
        self.name = name
        self._site = f"http://127.0.0.1:{pages}"
        self._cookies = CookieJar()
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(self._cookies))

    def cookie(self, name: str) -> str:
        return next((cookie.value or "" for cookie in self._cookies if cookie.name == name), "")

    def open(self, path: str, **form: str) -> tuple[int, str]:
        """Get a page, or post a form to it; return status and text."""
        url = f"{self._site}{path}"
        if form:
            form["csrfmiddlewaretoken"] = self.cookie("csrftoken")
        request = Request(url, data=urlencode(form).encode() if form else None)  # noqa: S310
        try:
            with self._opener.open(request, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()

    def sign_in(self, path: str, name_field: str) -> None:
        """Sign in by the form at `path`. Refused when that gives no session."""
        self.open(path)
        self.open(path, **{name_field: self.name, "password": PASSWORD})
        if not self.cookie("sessionid"):
            raise RefusedError(f"{self.name} could not sign in")
