from django.utils.translation import gettext, gettext_lazy, ngettext

from bellhop.kinds import Kind, register


def shift(facts):
    return gettext("Your shift on %(day)s begins at %(time)s") % facts


def shifts(count):
    return ngettext("%(count)d shift", "%(count)d shifts", count) % {"count": count}


register(Kind("shift", label=gettext_lazy("Shifts"), message=shift, summary=shifts))
register(
    Kind(
        "drill",
        label=gettext_lazy("Safety drills"),
        message=gettext_lazy("Everybody on deck at {{ time }}"),
        importance="high",
        can_be_muted=False,
    )
)
