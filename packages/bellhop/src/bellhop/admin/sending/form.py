"""The form that sends: to whom, and what; checked as notify() checks it."""

from secrets import token_hex
from typing import Any, Final

from django import forms
from django.contrib.admin import widgets
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bellhop.admin.columns import kind_label
from bellhop.admin.sending import whom
from bellhop.admin.what_it_says import argument_of
from bellhop.bulk import people
from bellhop.bulk.files.checked import KIND, check
from bellhop.kinds import registry

_WHOM: Final = ("people", "groups", "everybody")
_SAID: Final = ("kind", "message", "body", "url", "expires")


class SendForm(forms.Form):
    """What staff fill in. Once it is valid, `whom` and `given` are what it means."""

    people = forms.CharField(
        label=gettext_lazy("People"),
        required=False,
        widget=widgets.AdminTextareaWidget(attrs={"rows": 4}),
        help_text=gettext_lazy("User names or e-mail addresses, one a line."),
    )
    groups: Any = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Groups"),
        queryset=None,
        required=False,
        help_text=gettext_lazy("All of their active members, each once."),
    )
    everybody = forms.BooleanField(label=gettext_lazy("Everybody who is active"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), initial=KIND)
    message = forms.CharField(
        label=gettext_lazy("Message"),
        widget=widgets.AdminTextInputWidget,
        help_text=gettext_lazy("One line of plain text."),
    )
    body = forms.CharField(
        label=gettext_lazy("Body"),
        required=False,
        widget=widgets.AdminTextareaWidget(attrs={"rows": 4}),
        help_text=gettext_lazy("More text, shown below the message."),
    )
    url = forms.CharField(
        label=gettext_lazy("Leads to"),
        required=False,
        widget=widgets.AdminTextInputWidget,
        help_text=gettext_lazy(
            "A path of this site, such as /orders/7, or an address with http(s)."
        ),
    )
    expires = forms.DateTimeField(
        label=gettext_lazy("Expires"),
        required=False,
        widget=forms.DateTimeInput(
            {"type": "datetime-local", "class": "vTextField"}, format="%Y-%m-%dT%H:%M"
        ),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=200)

    whom: whom.Whom
    given: dict[str, Any]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if (groups := whom.group_model()) is None:
            del self.fields["groups"]
        else:
            field: Any = self.fields["groups"]
            field.queryset = groups._default_manager.order_by("name")
        kind: Any = self.fields["kind"]
        kind.choices = _kinds()
        self.fields["expires"].help_text = _(
            "In the time zone %(zone)s. Then it is withdrawn, read or not. Empty: never."
        ) % {"zone": timezone.get_current_timezone_name()}
        # A form that is sent twice, or again after a reload, sends once.
        self.fields["key"].initial = f"admin-{token_hex(8)}"

    @property
    def fieldsets(self) -> list[tuple[Any, dict[str, Any]]]:
        """Return the fields as Django's admin lays them out."""
        to = [name for name in _WHOM if name in self.fields]
        return [
            (_("To whom"), {"fields": to}),
            (_("What it says"), {"fields": [*_SAID, "key"]}),
        ]

    def clean_people(self) -> list[Any]:
        """Return the users. Two queries; each name that is nobody's is told of in one line."""
        names = list(
            dict.fromkeys(filter(None, map(str.strip, self.cleaned_data["people"].splitlines())))
        )
        if len(names) > whom.AT_MOST:
            raise forms.ValidationError(
                _("At most %(count)d people. For more: bellhop_notify --file, in a shell.")
                % {"count": whom.AT_MOST}
            )
        found = people.find_users(names)
        unknown = [str(user) for user in found.values() if isinstance(user, LookupError)]
        if unknown:
            raise forms.ValidationError("; ".join(unknown))
        return list({user.pk: user for user in found.values()}.values())

    def clean(self) -> None:
        super().clean()
        self._check_whom()
        if self.errors.keys() & {*_SAID, "key"}:
            return
        given = {name: self.cleaned_data[name] for name in (*_SAID, "key")}
        self.given = {name: value for name, value in given.items() if value not in ("", None)}
        try:
            check(self.given)
        except ValueError as error:
            name = argument_of(error)
            self.add_error(name if name in _SAID else None, str(error))

    def _check_whom(self) -> None:
        named = [name for name in _WHOM if self.cleaned_data.get(name)]
        if self.errors.keys() & set(_WHOM):
            return
        if len(named) != 1:
            many = _("Either people, or groups, or everybody: not several of these.")
            self.add_error(named[1] if named else "people", many if named else _("To whom?"))
        elif named == ["people"]:
            self.whom = whom.named(self.cleaned_data["people"])
        elif named == ["groups"]:
            self.whom = whom.in_groups(list(self.cleaned_data["groups"]))
        else:
            self.whom = whom.everybody()


def _kinds() -> list[tuple[str, str]]:
    """Return the kinds that say what their caller writes: others make their words of facts."""
    kinds = [kind.name for kind in registry.declared() if kind.message is None]
    return [(name, kind_label(name)) for name in kinds]
