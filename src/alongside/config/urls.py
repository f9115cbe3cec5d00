"""Every address there is. An agency's pages begin with its slug; a language other than English comes before it."""

from importlib import import_module

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from alongside.config.health import healthz
from alongside.core.manifest import has, manifests


def room_urls(room: str) -> URLResolver:
    """What a room offers: of the whole install, in an agency's workspace, and on its public pages."""
    urls = import_module(f"alongside.{room}.urls")
    return path(
        "",
        include(
            (
                [
                    *getattr(urls, "install", []),
                    path("<slug:agency>/workspace/", include(urls.workspace)),
                    path("<slug:agency>/", include(urls.public)),
                ],
                room,
            )
        ),
    )


urlpatterns: list[URLPattern | URLResolver] = [path("healthz", healthz, name="healthz")]
urlpatterns += i18n_patterns(
    path("accounts/", include("allauth.urls")),
    path("", include("alongside.core.urls")),
    *(room_urls(room) for room in manifests() if has(room, "urls")),
    prefix_default_language=False,
)

handler500 = "alongside.core.views.something_broke"
