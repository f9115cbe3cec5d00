"""A day, an hour, a number and an address are typed in one kind of field each, which reads what people write."""

from importlib import import_module

from django import forms

from alongside.core import forms as ours
from alongside.core.manifest import SOURCE

OF_DJANGO = {
    forms.DateField: ours.DayField,
    forms.TimeField: ours.HourField,
    forms.EmailField: ours.EmailField,
    forms.DateTimeField: ours.MomentField,
    forms.FloatField: ours.DegreesField,
}


def every_form() -> set[type[forms.BaseForm]]:
    """All forms of all rooms."""
    for path in sorted(SOURCE.glob("*/forms.py")):
        import_module(f"alongside.{path.parent.name}.forms")
    found: set[type[forms.BaseForm]] = set()
    new: set[type[forms.BaseForm]] = {forms.BaseForm}
    while new:
        found |= new
        new = {kind for each in new for kind in each.__subclasses__()} - found
    return {
        kind
        for kind in found
        if kind.__module__.startswith("alongside.") and ".tests." not in kind.__module__
    }


def test_what_people_type_is_read_as_they_write_it():
    forms_of_ours = every_form()
    assert len(forms_of_ours) > 60, "the premise"
    loose = {
        f"{kind.__module__}.{kind.__name__}.{name}"
        for kind in forms_of_ours
        for name, field in kind.base_fields.items()
        if type(field) in OF_DJANGO
    }
    assert loose == set()


def test_a_number_may_have_a_comma():
    loose = {
        f"{kind.__name__}.{name}"
        for kind in every_form()
        for name, field in kind.base_fields.items()
        if type(field) is forms.IntegerField and not field.widget.is_hidden
    }
    assert loose == set()


def test_no_field_is_one_in_which_a_browser_drops_what_was_typed():
    """A field for numbers gives nothing to the form where somebody typed a comma or a word."""
    drawn = {
        f"{kind.__name__}.{name}": getattr(field.widget, "input_type", "")
        for kind in every_form()
        for name, field in kind.base_fields.items()
    }
    assert {name for name, kind in drawn.items() if kind == "number"} == set()
