"""The operating rules: what holds on every walk, version by version, and the next one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alongside.agencies.doors import staff
from alongside.agencies.models import Role
from alongside.agencies.requests import StaffRequest
from alongside.core.doing import or_say_on, status_of
from alongside.gatherings import checks, rules
from alongside.gatherings.forms import RulesForm
from alongside.gatherings.models import OperatingRules


@staff()
@require_safe
def rules_page(request: StaffRequest) -> HttpResponse:
    """What holds on every walk; each version, and what changed from the one before."""
    versions = list(OperatingRules.objects.visible_to(request.user, at=request.agency))
    history = [
        {"rules": after, "changes": rules.difference(before, after)}
        for after, before in zip(versions, [*versions[1:], None])
        if before is not None
    ]
    return render(
        request,
        "gatherings/rules.html",
        {
            "rules": rules.in_force(request.agency),
            "first": versions[-1] if versions else None,
            "history": history,
        },
    )


@staff(Role.COORDINATOR, Role.COMMANDER)
def edit_rules(request: StaffRequest) -> HttpResponse:
    """Write the next version. What is in force, or the text to begin with, stands in the form."""
    now = rules.in_force(request.agency)
    sent = request.POST if request.method == "POST" else None
    form = RulesForm(sent, initial={name: words for name, _heading, words in now.parts})
    if sent is not None and form.is_valid():
        with or_say_on(form):
            made = checks.set_rules(request.agency, by=request.user, **form.cleaned_data)
            if made.version == now.version:
                messages.info(request, _("Nothing was changed: the rules stay as they are."))
            else:
                messages.success(
                    request,
                    _("These rules are in force now. Plans not yet published have to be confirmed again."),
                )
            return redirect("gatherings:rules", request.agency.slug)
    status = status_of(form)
    return render(request, "gatherings/rules_edit.html", {"form": form, "now": now}, status=status)
