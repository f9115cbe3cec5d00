"""The two menus, composed of every room: what a resident may visit, and where a member of staff works."""

from typing import Any

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, Any]:
    return {"public_nav": [], "workspace_nav": []}
