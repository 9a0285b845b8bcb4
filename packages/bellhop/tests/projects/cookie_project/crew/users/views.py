import threading

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from bellhop.notify import notify
from bellhop.recall import update, withdraw

from . import tasks
from .models import User

TOGETHER = threading.Barrier(20)
"""So many introduce people at the same time, each in a thread of this process."""

WAIT_SECONDS = 50


@login_required
def home(request):
    return render(request, "pages/home.html")


@login_required
@require_POST
def tell(request):
    """Notify somebody of something."""
    user = get_object_or_404(User, email=request.POST["to"])
    saved = notify(user, request.POST["text"], data={"from": request.user.name})
    return JsonResponse({"id": str(saved.pk)})


@login_required
@require_POST
def tell_later(request):
    """Have a worker notify somebody of something."""
    tasks.tell.delay_on_commit(request.POST["to"], request.POST["text"])
    return JsonResponse({})


@login_required
@require_POST
def introduce(request):
    """Notify two people of each other; the work in between is not done before all others are at it."""
    first = get_object_or_404(User, email=request.POST["first"])
    second = get_object_or_404(User, email=request.POST["second"])
    notify(first, request.POST["text"])
    TOGETHER.wait(WAIT_SECONDS)
    notify(second, request.POST["text"])
    return JsonResponse({})


@login_required
@require_POST
def language(request):
    """Somebody chooses their language."""
    request.user.language = request.POST["language"]
    request.user.save()
    return JsonResponse({})


@login_required
@require_POST
def shift(request):
    """Plan somebody's shift, put it off, or drop it."""
    user = get_object_or_404(User, email=request.POST["to"])
    facts = {"day": request.POST["day"], "time": request.POST["time"]}
    key = f"shift {facts['day']}"
    if not facts["time"]:
        return JsonResponse({"changed": withdraw(key=key, recipient=user)})
    if request.POST.get("instead"):
        return JsonResponse({"changed": update(key=key, recipient=user, data=facts)})
    saved = notify(user, kind="shift", data=facts, key=key)
    return JsonResponse({"is_refused": saved.is_refused})


@login_required
@require_POST
def drill(request):
    """Call somebody to a drill."""
    user = get_object_or_404(User, email=request.POST["to"])
    saved = notify(user, kind="drill", data={"time": request.POST["time"]})
    return JsonResponse({"is_refused": saved.is_refused})
