import secrets
import time

from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.csp import CSP
from django.views.decorators.cache import cache_page
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST

from bellhop.models import Notification
from bellhop.notify import notify
from bellhop.recall import update, withdraw

OWN_SCRIPTS = {"default-src": [CSP.SELF]}
"""A policy without nonces: one that is kept with a page, or unknown to it, would be an old one."""

FIELDS = ("url", "body", "kind", "key", "thread")
"""Of a notification, as a form may have them."""


def home(request):
    return render(request, "pages/home.html")


@login_required
@require_POST
def tell(request):
    """Notify somebody of something, once or so many times; `text` may hold the number of each."""
    user, text = _somebody(request), request.POST["text"]
    fields = {name: request.POST[name] for name in FIELDS if name in request.POST}
    numbers = range(1, int(request.POST.get("times", 1)) + 1)
    ids = [str(notify(user, text.replace("#", str(number)), **fields).pk) for number in numbers]
    return JsonResponse({"ids": ids})


@login_required
@require_POST
def recall(request):
    """Take back what somebody was told under a key, or say it in other words."""
    key, text = request.POST["key"], request.POST.get("text")
    if text:
        return JsonResponse(
            {"changed": update(key=key, recipient=_somebody(request), message=text)}
        )
    return JsonResponse({"changed": withdraw(key=key, recipient=_somebody(request))})


@login_required
@require_POST
def past(request):
    """Save a row, or delete those of a message, past all that Bellhop offers for that."""
    rows, text = Notification.objects.filter(recipient=_somebody(request)), request.POST["text"]
    if request.POST.get("delete"):
        return JsonResponse({"deleted": rows.filter(message=text).delete()[0]})
    fields = {name: request.POST[name] for name in FIELDS if name in request.POST}
    Notification.objects.create(recipient=_somebody(request), message=text, **fields)
    return JsonResponse({})


def _somebody(request):
    return get_object_or_404(get_user_model(), username=request.POST["to"])


@login_required
def form(request):
    """Notify whoever sends the form, and take long enough for that to ring in the page that is being left."""
    if request.method == "POST":
        notify(request.user, request.POST["text"])
        time.sleep(0.5)
    return render(request, "pages/form.html")


def page(request, name):
    return render(request, f"pages/{name}.html")


@csp_override({})
def swapped(request, name, **context):
    """Render a page for a library that puts styles and scripts into it, which the policy would not let pass."""
    return render(request, f"pages/{name}.html", context)


@csp_override(OWN_SCRIPTS)
@cache_page(600)
def cached(request):
    """Render once, for everybody."""
    return render(request, "pages/home.html", {"rendering": secrets.token_hex(4)})


@csp_override(OWN_SCRIPTS)
def without_request(request):
    return HttpResponse(render_to_string("pages/home.html"))


def jinja(request):
    return render(request, "jinja.html")
