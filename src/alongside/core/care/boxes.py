"""Boxes in which people write what they like: looked at once before they are sent, gone over once they have come.

The browser warns beside the box while somebody types, by the same list as a phone in the field. Where it does not,
the form comes back once, with the same sentences and all that was typed. Sent again it passes: it is a warning,
not a wall. Whatever a browser did, what is kept has gone through `redaction.redacted`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from alongside.core.care import patterns, redaction
from alongside.core.care.patterns import CJI, MASK, Sign

# What a page calls the signs of which it has warned, beside the box; and what a redirect calls what was left out.
WARNED, LEFT_OUT = "warned", "left-out"

if TYPE_CHECKING:
    Drawn = forms.Widget
else:
    Drawn = object


class Careful(Drawn):
    """A control with room beside it for what is worth a second look."""

    template_name = "core/forms/box.html"
    control: str
    meant: frozenset[str] = frozenset()
    seen: tuple[Sign, ...] = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        drawn = context["widget"]
        drawn["attrs"] |= {"data-care": reverse("signs"), "data-meant": " ".join(sorted(self.meant))}
        if "id" in drawn["attrs"]:
            drawn["told_id"] = f"{drawn['attrs']['id']}_care"
            known = drawn["attrs"].get("aria-describedby")
            drawn["attrs"]["aria-describedby"] = " ".join(filter(None, [known, drawn["told_id"]]))
        drawn |= {
            "control": self.control,
            "told": warnings(self.seen),
            "warned_name": f"{name}-{WARNED}",
            "warned": " ".join(sign.name for sign in self.seen),
        }
        return context


class Line(Careful, forms.TextInput):
    control = forms.TextInput.template_name


class Lines(Careful, forms.Textarea):
    control = forms.Textarea.template_name


class Box(forms.CharField):
    """What somebody says, in their words."""

    widget = Line
    place = False
    meant: frozenset[str] = frozenset()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.careful.meant = self.meant

    @property
    def careful(self) -> Careful:
        if not isinstance(self.widget, Careful):
            raise TypeError("A box is drawn by boxes.Line or boxes.Lines")
        return self.widget

    @property
    def longest(self) -> int | None:
        limits = [each.limit_value for each in self.validators if isinstance(each, MaxLengthValidator)]
        return min((each for each in limits if isinstance(each, int)), default=None)


class PlaceBox(Box):
    """Where it is: no finer than a block."""

    place = True


class NameBox(Box):
    """What somebody wants to be called: that it is a name is meant."""

    meant = frozenset({"somebodys-name", "officer-by-name"})


class OrganizationBox(NameBox):
    """What an organization is called; its house is nobody's home."""

    meant = NameBox.meant | {redaction.HOUSE_NUMBER}


class CareForm(forms.Form):
    """A form with boxes. What it hands on may be kept; `left_out` says what was taken out of it."""

    left_out: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name, field in self.fields.items():
            if isinstance(field, Box) and given.get(name):
                self._go_over(name, field, given)
        return given

    def _go_over(self, name: str, field: Box, given: dict[str, Any]) -> None:
        kept = redaction.redacted(given[name], place=field.place, meant=field.meant)
        field.careful.seen = kept.signs
        if any(sign.name not in self._known(name) for sign in kept.signs):
            self.add_error(name, self.look_again(kept.signs))
        elif field.longest is not None and len(kept.words) > field.longest:
            over = len(kept.words) - field.longest
            self.add_error(
                name,
                ngettext(
                    "With the block in place of the house number, this is %(n)d character too long.",
                    "With the block in place of the house number, this is %(n)d characters too long.",
                    over,
                )
                % {"n": over},
            )
        else:
            given[name] = kept.words
            self.left_out += kept.left_out

    def look_again(self, signs: Iterable[Sign]) -> str:
        """What stands at a box that deserves a second look."""
        return _("Please look at this once more. If it should stay as it is, send it again.")

    def _known(self, name: str) -> set[str]:
        """The signs of which whoever sent it was warned, and those of what stood there before."""
        warned = self.data.get(f"{self.add_prefix(name)}-{WARNED}", "")
        before = self.get_initial_for_field(self.fields[name], name)
        return {*warned.split(), *(sign.name for sign in patterns.seen_in(str(before or "")))}

    @property
    def told(self) -> list[str]:
        """What was taken out, in sentences for whoever sent it."""
        return redaction.told(self.left_out)


def warnings(signs: Iterable[Sign]) -> list[str]:
    """Why a text deserves a second look: each reason once, then what becomes of it otherwise."""
    seen = list(signs)
    reasons = dict.fromkeys(str(sign.why) for sign in seen)
    return [*reasons, *([_masked()] if any(sign.hold == CJI for sign in seen) else [])]


def _masked() -> str:
    return _(
        "Numbers, e-mail addresses and police records are left out when you send it: %(mask)s stands in their place."
    ) % {"mask": MASK}


def redirect(form: CareForm, to: str, *args: Any) -> HttpResponse:
    """To the page that says thank you, which also says what was taken out."""
    address = resolve_url(to, *args)
    told = urlencode({LEFT_OUT: " ".join(dict.fromkeys(form.left_out))}) if form.left_out else ""
    return HttpResponseRedirect(f"{address}?{told}" if told else address)


def told_to(request: HttpRequest) -> list[str]:
    """What was taken out of what somebody has just sent, on the page that they were led to."""
    return redaction.told(request.GET.get(LEFT_OUT, "").split())


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def signs(request: HttpRequest) -> HttpResponse:
    """The list by which a browser warns, in the language of the page. Asked for when somebody begins to write."""
    listed = [sign.as_json() | {"why": str(sign.why)} for sign in patterns.SIGNS]
    return JsonResponse({"signs": listed, "masked": _masked()})
