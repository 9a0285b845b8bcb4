"""The mark of a login session: the seq above which its tabs tell of notifications."""

from django.http import HttpRequest

from bellhop.contract import SESSION_MARK


def mark_of(request: HttpRequest, seq: int) -> int:
    """Return the session's mark. One that did not begin with a login of bellhop.contrib gets `seq` for it, for good.

    `seq` is up to where the answer to this request holds everything: with a later one, what came in between would be
    told of in no tab.
    """
    mark = request.session.get(SESSION_MARK)
    if not isinstance(mark, int):
        mark = request.session[SESSION_MARK] = seq
    return mark
