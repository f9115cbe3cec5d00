"""One of everything at Riverbend, as a draft, with a word in it that must never be seen elsewhere."""

from __future__ import annotations

import random
from collections.abc import Iterator
from graphlib import TopologicalSorter
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import models
from model_bakery import baker

from alongside.agencies.models import Agency, AgencyOwned
from alongside.core import ids
from alongside.core.authored import Authored
from alongside.core.ids import PublicIdField
from alongside.core.lines import EmailLine, Line, UrlLine
from alongside.core.manifest import SOURCE, manifests
from alongside.core.phrases import PhraseField, SaidPhrase
from alongside.core.said import SaidEmail, SaidLine, SaidText
from alongside.core.tokens import DigestField
from tests.doors.routes import UNIQUE
from tests.doors.samples import SECRET


def said_by_rooms(name: str) -> Iterator[Any]:
    """What each room says under this name in its `tests/populated.py`, where it has one."""
    for room in manifests():
        if (SOURCE / room / "tests" / "populated.py").exists():
            yield getattr(import_module(f"alongside.{room}.tests.populated"), name, {})


WORDS = {models.CharField, models.TextField, Line, Authored, PhraseField, SaidLine, SaidPhrase, SaidText}
for kind in (EmailLine, SaidEmail):
    baker.generators.add(kind, "model_bakery.random_gen.gen_email")
baker.generators.add(UrlLine, "model_bakery.random_gen.gen_url")
baker.generators.add(DigestField, "model_bakery.random_gen.gen_string")
baker.generators.add(PhraseField, "model_bakery.random_gen.gen_text")
# What a model insists on beyond being filled: constraints between fields, and drafts where there are drafts.
INSISTS: dict[str, dict[str, Any]] = {
    label: fields for insists in said_by_rooms("INSISTS") for label, fields in insists.items()
}
# Rows that are public from the moment they exist: how we choose, what residents already read, our words for areas.
PUBLIC_AT_ONCE = {label for labels in said_by_rooms("PUBLIC_AT_ONCE") for label in labels}


def owned_models() -> list[type[models.Model]]:
    """Everything that belongs to an agency, in an order in which what is pointed at is there."""
    owned = sorted(
        (model for model in apps.get_models() if issubclass(model, AgencyOwned)),
        key=lambda model: model._meta.label,
    )
    points = {
        model: [each.related_model for each in model._meta.concrete_fields if each.related_model in owned]
        for model in owned
    }
    itself = {model: [each for each in targets if each is not model] for model, targets in points.items()}
    return list(TopologicalSorter(itself).static_order())


# Their id is a code, made to be shown by whoever holds it.
SHOWN_BY_ITS_HOLDER = {"hotspots.Petition"}


def the_id(agency: Agency) -> str:
    """The one public id that every row here has, so that an address which holds it leads to whatever lies behind."""
    return "".join(random.Random(agency.slug).choices(ids.ALPHABET, k=ids.LENGTH))


def one_of_everything(agency: Agency) -> dict[str, models.Model]:
    """A row of each model. A new model joins by itself; where it insists on something, say so above."""
    made: dict[str, models.Model] = {}
    for model in owned_models():
        label = model._meta.label
        baker.seed(f"{agency.slug} {label}")  # the same words in every run, and others for each agency
        fields = {
            **_words(model, label),
            **_names(model, label, agency),
            **_pointing_at(model, made),
            **{
                name: value(made) if callable(value) else value
                for name, value in INSISTS.get(label, {}).items()
            },
            "agency": agency,
        }
        made[label] = baker.make(model, **fields)
    return made


def _words(model: type[models.Model], label: str) -> dict[str, Any]:
    """The secret word in each free text, so that a leak of any of them is seen."""
    hidden = label not in PUBLIC_AT_ONCE
    return {
        field.name: f"{SECRET if hidden else 'Plain'} {field.name}"[: field.max_length or 200]
        for field in model._meta.concrete_fields
        if type(field) in WORDS and not field.choices and _is_free(field)
    }


def _names(model: type[models.Model], label: str, agency: Agency) -> dict[str, Any]:
    """What an address calls the row by."""
    if label in SHOWN_BY_ITS_HOLDER:
        return {}
    known = {PublicIdField: the_id(agency), models.UUIDField: UNIQUE}
    return {field.name: known[type(field)] for field in model._meta.concrete_fields if type(field) in known}


def _is_free(field: models.Field) -> bool:
    """Not a digest, a code or a zone: those have a shape of their own."""
    return (
        not field.unique
        and (field.max_length or 200) >= 20
        and not field.name.endswith(("digest", "timezone", "view", "path"))
    )


def _pointing_at(model: type[models.Model], made: dict[str, models.Model]) -> dict[str, Any]:
    return {
        field.name: made[field.related_model._meta.label]
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model._meta.label in made
    }
