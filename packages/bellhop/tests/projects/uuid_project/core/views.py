from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from bellhop.notify import notify


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
