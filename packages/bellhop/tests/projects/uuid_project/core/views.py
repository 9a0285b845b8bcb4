from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from bellhop.notify import notify
from bellhop.recall import update, withdraw


@login_required
def home(request):
    return render(request, "home.html", {"letters": request.user.notifications.count()})


@login_required
@require_POST
def tell(request):
    """Notify somebody of something."""
    user = get_object_or_404(get_user_model(), username=request.POST["to"])
    saved = notify(user, request.POST["text"], data={"from": request.user.get_username()})
    return JsonResponse({"id": str(saved.pk)})


@login_required
@require_POST
def order(request):
    """Something happens to an order of somebody's: it is placed, sent, or forgotten."""
    user = get_object_or_404(get_user_model(), username=request.POST["to"])
    number, state = request.POST["number"], request.POST["state"]
    key, facts = f"order {number}", {"number": number, "state": state, "items": 1}
    if state == "forgotten":
        return JsonResponse({"changed": withdraw(key=key, recipient=user)})
    if state == "sent":
        data = {**facts, "carrier": "Pigeon"}
        return JsonResponse({"changed": update(key=key, recipient=user, data=data)})
    expires = timedelta(seconds=1) if state == "offered" else None
    saved = notify(user, kind="order", data=facts, key=key, expires=expires)
    return JsonResponse({"is_refused": saved.is_refused})


@login_required
@require_POST
def recall(request):
    """A product has to come back."""
    user = get_object_or_404(get_user_model(), username=request.POST["to"])
    saved = notify(user, kind="recall", data={"product": request.POST["product"]})
    return JsonResponse({"is_refused": saved.is_refused})
