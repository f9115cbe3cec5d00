"""Django's settings, made from the typed options. Nothing else reads the environment."""

import os
import sys
from collections.abc import Mapping
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.http.request import split_domain_port

from alongside.config.options import ROOT, load
from alongside.core import built, keys, languages, safe
from alongside.core.manifest import manifests

ALONGSIDE = load()
SECURE = ALONGSIDE.url.startswith("https://")

# What is collected for browsers is for everybody to read; all else that we write is for our user alone.
COLLECTING = sys.argv[1:2] == ["collectstatic"]
if not COLLECTING:
    os.umask(safe.OURS_ALONE)
DATA = ALONGSIDE.data
safe.enter(DATA)
keys.part_from_the_session(DATA)
# Whoever is signed in by the key of before stays so for its last day.
*SECRET_KEY_FALLBACKS, SECRET_KEY = (key.secret.hex() for key in keys.ring(DATA, keys.SESSION))
DEBUG = ALONGSIDE.debug
ALLOWED_HOSTS = [*ALONGSIDE.hosts, split_domain_port(urlsplit(ALONGSIDE.url).netloc)[0]]

ROOT_URLCONF = "alongside.config.urls"
WSGI_APPLICATION = "alongside.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "agencies.User"
FORM_RENDERER = "alongside.core.forms.Renderer"

INSTALLED_APPS = [
    "alongside.core",
    *(f"alongside.{room}" for room in manifests()),
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",  # the pages of accounts say how long ago a key was used
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "alongside.core.stack.roomy",
    "alongside.core.middleware.quiet_headers",
    "alongside.core.middleware.addresses_lead_home",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "alongside.core.middleware.compressed",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "alongside.core.middleware.errors_in_the_title",
    "alongside.core.middleware.a_button_is_no_page",
    "alongside.core.middleware.no_nul",
    "alongside.core.middleware.strangers_bring_little",
    "alongside.core.middleware.ForgedForms",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "alongside.agencies.middleware.agency_of_the_path",
    "alongside.core.middleware.SignedIn",
    "alongside.core.middleware.sent_twice_is_done_once",
    "alongside.core.middleware.WholeFilesOnly",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", ["alongside.core.loading.Loader"])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "alongside.agencies.context.agency",
                "alongside.front.context.navigation",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "alongside.core.templatetags.authored",
                "alongside.core.templatetags.written",
            ],
        },
    }
]

# -- database -------------------------------------------------------------------------------------
# SQLite: IMMEDIATE takes the write lock when a transaction begins, so that two writers wait for each
# other instead of failing when one of them upgrades from reading; FULL makes an answer durable; secure_delete
# overwrites what is deleted with zeros, so that nobody reads it in the file.
SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA / "alongside.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000; "
        "PRAGMA secure_delete=ON;",
    },
    "TEST": {"NAME": ROOT / "build" / f"test-{os.getpid()}.sqlite3"},  # two runs at once do not meet
}
# PostgreSQL on another machine: one that is gone without a word is missed within seconds, not after a quarter of an
# hour, for which every thread would wait. The address may say otherwise.
ANSWERS_OR_IS_GONE = {
    "connect_timeout": 5,
    "tcp_user_timeout": 20_000,  # milliseconds
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
}
DATABASES: dict[str, Mapping[str, object]]
if ALONGSIDE.database_url:
    POSTGRES = dj_database_url.parse(ALONGSIDE.database_url, conn_max_age=60, conn_health_checks=True)
    POSTGRES["OPTIONS"] = {**ANSWERS_OR_IS_GONE, **POSTGRES.get("OPTIONS", {})}
    DATABASES = {"default": POSTGRES}
else:
    DATABASES = {"default": SQLITE}
# Counts at the doors are shared by every process; what is only made anew if it is not there, each keeps for itself.
# Shelves apart: counts are small and many, pictures large and few. On one of the usual 300 places, whoever knocks from
# 300 addresses would push everybody's count off it.
MEMORY = "django.core.cache.backends.locmem.LocMemCache"
CACHES = {
    "default": {
        "BACKEND": "alongside.core.counters.Counters",
        "LOCATION": "counters.sqlite3",  # in the data folder
    },
    "pictures": {"BACKEND": MEMORY, "LOCATION": "pictures", "OPTIONS": {"MAX_ENTRIES": 300}},
    "pages": {"BACKEND": MEMORY, "LOCATION": "pages", "OPTIONS": {"MAX_ENTRIES": 300}},
    "drawings": {"BACKEND": MEMORY, "LOCATION": "drawings", "OPTIONS": {"MAX_ENTRIES": 300}},
    "answers": {"BACKEND": MEMORY, "LOCATION": "answers", "OPTIONS": {"MAX_ENTRIES": 300}},
}

# -- people and sessions --------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "alongside.agencies.accounts.ByInvitation"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts come by an invitation that was mailed
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_FORMS = {"reset_password": "alongside.agencies.accounts.AskForNewPassword"}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # whoever has no account here did not ask for one
MFA_ADAPTER = "allauth.mfa.adapter.DefaultMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Alongside"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "front:after-sign-in"
ACCOUNT_LOGOUT_REDIRECT_URL = "front:install"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 12
CSRF_FAILURE_VIEW = "alongside.core.views.csrf_failure"

# -- headers --------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = False  # the proxy's work; behind one, HSTS follows from the address
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if ALONGSIDE.proxies:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_PERMISSIONS = 0o600

# -- mail -----------------------------------------------------------------------------------------
EMAIL_BACKEND = "alongside.outreach.backend.Outbox"  # a row first, then a job
DEFAULT_FROM_EMAIL = ALONGSIDE.mail_from
SERVER_EMAIL = ALONGSIDE.mail_from

# -- language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = languages.ENGLISH
FOUND = languages.found(DATA)
LANGUAGES = [(each.code, each.name) for each in FOUND]
LANGUAGES_BIDI = [each.code for each in FOUND if each.right_to_left]
LOCALE_PATHS = [DATA / languages.OF_A_CITY, languages.OURS]  # a city's own words before ours
FORMAT_MODULE_PATH = "alongside.core.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # rows; each agency shows its own

# -- static files and media -----------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "build" / "collected"
STATICFILES_DIRS = [path for path in [ROOT / "build" / "static"] if path.is_dir()]
# Named by their content and compressed, once bin/_assets has collected them: of these sources, not of those before
# an upgrade, whose names would win over today's files.
COLLECTED = built.COLLECTED.is_fresh() or COLLECTING
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA / "media", "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
        "OPTIONS": {"file_permissions_mode": 0o644},  # an edge server of another user reads them
    },
}
WHITENOISE_USE_FINDERS = not COLLECTED
WHITENOISE_MAX_AGE = 31_536_000 if COLLECTED else 0

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "alongside.core.logs.Entries",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "filters": {
        "counted": {"()": "alongside.core.logs.Counted"},
        "discreet": {"()": "alongside.core.logs.Discreet"},
    },
    "handlers": {
        # Counted first: it knows two lines of one kind by what Discreet rewrites.
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["counted", "discreet"]}
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "alongside": {"level": "INFO"},
        "django.request": {"level": "ERROR"},  # a stranger's 404 is not news
    },
}
