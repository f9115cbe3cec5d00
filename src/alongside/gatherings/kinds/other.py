"""Whatever has no kind of its own."""

from django.utils.translation import gettext_lazy as _

from alongside.gatherings.kind import Kind

OTHER = Kind("other", _("Gathering"), at=900)
