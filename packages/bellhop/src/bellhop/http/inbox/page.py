"""Makes what the templates of the inbox page show: each query that it costs is here."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from bellhop.contract import SESSION_MARK
from bellhop.http import base_template
from bellhop.http.element import addresses
from bellhop.http.inbox import done, zone
from bellhop.http.inbox.query import PageQuery
from bellhop.http.inbox.rows import NO_ID, Row, days, row_of
from bellhop.http.inbox.shown import Chip, InboxPage, NotificationPage, RowWords, Tab
from bellhop.http.signed_in import SignedInRequest
from bellhop.inbox import pages
from bellhop.inbox.counts import CAP, Counts, counts
from bellhop.inbox.kinds_present import kinds_present
from bellhop.inbox.views import View
from bellhop.kinds import registry, words
from bellhop.models import Inbox, InboxState, Notification, write_database
from bellhop.preferences.choices import choices_of
from bellhop.preferences.quiet_hours import aware


def inbox_page(request: SignedInRequest, template: Any) -> InboxPage:
    """Return what the list shows. Always the same number of queries."""
    query, path, user_id = PageQuery.of(request.GET), request.path, request.user.pk
    # Before the rows: what comes in between is above the page's seq, and the socket brings it.
    standing = Inbox.state_of(user_id)
    page = pages.page(user_id, query.filters, before=query.before, after=query.after)
    viewers_zone = zone.zone_of(request, choices_of(user_id).zone)
    link = _permalinks()
    rows = [row_of(each, viewers_zone, link) for each in page.rows]
    seqs = [row.seq for row in rows]
    mark = request.session.get(SESSION_MARK)
    return InboxPage(
        **_common(request, template, standing, viewers_zone, path),
        query=query,
        days=days(page.rows, rows, viewers_zone, timezone.now()),
        blank=Row(permalink=link(NO_ID)),
        tabs=_tabs(query, path, counts(user_id), standing),
        chips=_chips(query, path, kinds_present(user_id, query.view)),
        since=mark if isinstance(mark, int) else None,
        through=max(seqs) if seqs and query.is_newest else standing.seq,
        mark_all=_mark_all(query, standing, rows, page.has_older or page.has_newer),
        empty=_why_empty(query, standing) if not rows else "",
        newer_url=_newer(query, path, page),
        older_url=query.newest.address(path, before=min(seqs)) if page.has_older and seqs else "",
        clear_url=query.newest.address(path, q="", **({} if query.q else {"kind": ""})),
        archived_url=PageQuery(view=View.ARCHIVED).address(path),
    )


def notification_page(request: SignedInRequest, template: Any, pk: Any) -> NotificationPage:
    """Return what the page of a single notification shows. Http404 where the user has none of that id."""
    standing = Inbox.state_of(request.user.pk)
    stored = Notification.objects.using(write_database.alias())
    found = stored.filter(pk=pk, recipient=request.user.pk, seq__isnull=False).first()
    if found is None:
        raise Http404
    viewers_zone = zone.zone_of(request, choices_of(request.user.pk).zone)
    moment = aware(found.created).astimezone(viewers_zone)
    zones_name = zone.name_of(viewers_zone) or f"{moment:%Z}"
    return NotificationPage(
        **_common(request, template, standing, viewers_zone, addresses().inbox),
        row=row_of(found, viewers_zone, _permalinks()),
        kind_label=_label(found.kind),
        moment=f"{date_format(moment, 'DATE_FORMAT')}, {moment:%H:%M} ({zones_name})",
    )


def _common(
    request: SignedInRequest, template: Any, standing: InboxState, viewers_zone: Any, url: str
) -> dict[str, Any]:
    own_url = done.without_done(request.get_full_path())
    return {
        "base_template": base_template.base_of(template),
        "addresses": addresses(),
        "standing": standing,
        "url": url,
        "mark_url": reverse("bellhop:mark"),
        "own_url": own_url,
        "login_url": redirect_to_login(own_url).url,
        "zone": zone.name_of(viewers_zone),
        "done": done.done_of(request.GET.get(done.FIELD)),
        "words": RowWords(),
    }


def _permalinks() -> Callable[[str], str]:
    """Return what makes the address of a notification's own page; empty where the project's addresses have none."""
    try:
        pattern = reverse("bellhop:notification", args=[NO_ID])
    except NoReverseMatch:
        return lambda _: ""
    return lambda identity: pattern.replace(NO_ID, identity)


def _newer(query: PageQuery, path: str, page: pages.Page) -> str:
    """Return the address of the page of those right above these; of the newest where all of these are gone."""
    if query.before is not None and not page.rows:
        return query.newest.address(path)
    return query.newest.address(path, after=page.rows[0].seq) if page.has_newer else ""


def _tabs(query: PageQuery, path: str, counted: Counts, standing: InboxState) -> list[Tab]:
    views = {
        View.INBOX: (gettext("Inbox"), counted.inbox),
        View.UNREAD: (gettext("Unread"), standing.unread),
        View.ARCHIVED: (gettext("Archived"), counted.archived),
    }
    return [
        Tab(
            view,
            name,
            query.newest.address(path, view=view),
            _count(count),
            is_current=view is query.view,
        )
        for view, (name, count) in views.items()
    ]


def _count(count: int) -> str:
    """Return a number as it stands beside a word; nothing for none."""
    return f"{CAP - 1}+" if count >= CAP else str(count or "")


def _chips(query: PageQuery, path: str, present: Sequence[str]) -> list[Chip]:
    named = sorted((_label(kind), kind) for kind in {*present, query.kind} if kind)
    if len(named) < 2 and not query.kind:
        return []
    return [
        Chip(kind, name, query.newest.address(path, kind=kind), is_current=kind == query.kind)
        for name, kind in [(gettext("All kinds"), ""), *named]
    ]


def _label(kind: str) -> str:
    return words.label(registry.find(kind)) if registry.is_declared(registry.find(kind)) else kind


def _mark_all(query: PageQuery, standing: InboxState, rows: list[Row], more: bool) -> str:
    """Return what the button for all says. `more`: there are others than these rows."""
    unread = [row for row in rows if row.read == "false"]
    if query.view is View.ARCHIVED or not standing.unread or (query.is_filtered and not unread):
        return ""
    if query.q:
        if more:
            return gettext("Mark all found as read")
        return gettext("Mark the %(count)d found as read") % {"count": len(unread)}
    if query.kind:
        return gettext("Mark all of “%(kind)s” as read") % {"kind": _label(query.kind)}
    return gettext("Mark all as read")


def _why_empty(query: PageQuery, standing: InboxState) -> str:
    if query.is_filtered:
        return "filter"
    if query.view is View.ARCHIVED:
        return "archive"
    return "caught-up" if standing.seq else "first"
