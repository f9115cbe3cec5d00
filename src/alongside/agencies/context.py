"""What every page knows: whose page it is, and who is looking."""

from typing import Any

from django.http import HttpRequest

from alongside.core import demo


def agency(request: HttpRequest) -> dict[str, Any]:
    return {
        "agency": getattr(request, "agency", None),
        "member": getattr(request, "member", None),
        "demo": demo.is_on(),
    }
