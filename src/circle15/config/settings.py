"""The one settings file: every value comes from here or from an environment variable named here."""

import hashlib
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from circle15.config import env
from circle15.ops import postgres
from circle15.ops.reading import where as reading

SOURCE_DIR = Path(__file__).resolve().parents[1]
CHECKOUT_DIR = SOURCE_DIR.parents[1]
VAR_DIR = env.folder("CIRCLE15_VAR_DIR", CHECKOUT_DIR / "var")
SECRETS_DIR = VAR_DIR / "secrets"

DEBUG = env.flag("CIRCLE15_DEBUG", default=False)
# The demo city: its printed accounts may log in without a second factor. Never on real data.
DEMO = env.flag("CIRCLE15_DEMO", default=False)
SECRET_KEY = env.secret("CIRCLE15_SECRET_KEY", SECRETS_DIR / "secret_key").hex()
# The newest first. A file is looked at again while the system runs (accounts/key_ring.py).
DATA_KEYS = env.secrets("CIRCLE15_DATA_KEY", SECRETS_DIR / "data_key")
DATA_KEY_FILE = env.secret_file("CIRCLE15_DATA_KEY", SECRETS_DIR / "data_key")
INDEX_KEY = env.secret("CIRCLE15_INDEX_KEY", SECRETS_DIR / "index_key")
AUDIT_KEY = env.secret("CIRCLE15_AUDIT_KEY", SECRETS_DIR / "audit_key")
ALLOWED_HOSTS = env.names("CIRCLE15_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.names("CIRCLE15_TRUSTED_ORIGINS", "")
WEB_PORT = env.number("CIRCLE15_PORT", default=8000, at_least=1, at_most=65535)
# The process of live updates beside the web server, and where a proxy puts it instead.
LIVE_PORT = env.number(
    "CIRCLE15_LIVE_PORT", default=min(WEB_PORT + 1, 65535), at_least=1, at_most=65535
)
LIVE_URL = env.text("CIRCLE15_LIVE_URL", "")
# Ticket machines: where their print agent listens (on themselves), and when they forget a person.
KIOSK_PRINTER_PORT = env.number(
    "CIRCLE15_KIOSK_PRINTER_PORT", default=9115, at_least=1, at_most=65535
)
KIOSK_IDLE_S = env.number("CIRCLE15_KIOSK_IDLE_S", default=60, at_least=20, at_most=60)
# The gateway for short messages; without one they lie sealed in var/sms.
SMS_URL = env.text("CIRCLE15_SMS_URL", "")
SMS_KEY = env.secret("CIRCLE15_SMS_KEY", SECRETS_DIR / "sms_key") if SMS_URL else b""
# The house of 12345: bad ratings go there as work orders; without one they stay here.
HOTLINE_URL = env.text("CIRCLE15_HOTLINE_URL", "")
HOTLINE_KEY = (
    env.secret("CIRCLE15_HOTLINE_KEY", SECRETS_DIR / "hotline_key") if HOTLINE_URL else b""
)
# Under which address people reach the pages; links in text messages begin with it.
PUBLIC_URL = env.text("CIRCLE15_PUBLIC_URL", "").rstrip("/")
# Days after which a register of those served is stale, years after which who is in none is wiped.
REGISTER_STALE_DAYS = env.number(
    "CIRCLE15_REGISTER_STALE_DAYS", default=90, at_least=1, at_most=3660
)
PEOPLE_RETENTION_YEARS = env.number(
    "CIRCLE15_PEOPLE_RETENTION_YEARS", default=15, at_least=1, at_most=100
)
# More people seen in full by one account than this, and the security administrator is told.
REVEALS_PER_HOUR = env.number("CIRCLE15_REVEALS_PER_HOUR", default=30, at_least=1, at_most=1000)
REVEALS_PER_DAY = env.number("CIRCLE15_REVEALS_PER_DAY", default=200, at_least=1, at_most=10_000)
# Photos of cards are read where `make reading` has been run; 0 switches it off.
READING = env.flag("CIRCLE15_READING", default=True) and reading.is_installed(VAR_DIR)
# Hosts that partners' programs may be told at (https), as `host` or `host:port`.
WEBHOOK_HOSTS = env.names("CIRCLE15_WEBHOOK_HOSTS", "")
# Set on a machine behind TLS; the demo on 127.0.0.1 speaks plain HTTP.
HTTPS = env.flag("CIRCLE15_HTTPS", default=False)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "circle15.audit",
    "circle15.areas",
    "circle15.accounts",
    "circle15.items",
    "circle15.sites",
    "circle15.ledger",
    "circle15.programme",
    "circle15.plans",
    "circle15.hall",
    "circle15.cases",
    "circle15.ratings",
    "circle15.assessments",
    "circle15.imports",
    "circle15.api",
    "circle15.web.shared",
    "circle15.web.bureau",
    "circle15.web.counter",
    "circle15.web.inspect",
    "circle15.web.kiosk",
    "circle15.web.public",
    "circle15.web.screen",
    "circle15.ops",
]

MIDDLEWARE = [
    "circle15.web.shared.middleware.RequestIdMiddleware",
    "circle15.web.shared.middleware.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "circle15.web.shared.middleware.ModeMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "circle15.web.shared.access.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

ROOT_URLCONF = "circle15.config.urls"
WSGI_APPLICATION = "circle15.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "circle15.web.shared.context.page",
            ],
        },
    }
]

DATABASES = {
    "default": {
        # Without an address: the embedded server of this installation, if it runs.
        **env.database(
            "CIRCLE15_DATABASE_URL", postgres.running_url(VAR_DIR) or "postgresql:///circle15"
        ),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": env.text("CIRCLE15_TEST_DATABASE", "test_circle15")},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "circle15.accounts.passwords.KindsValidator"},
]
LOGIN_URL = "/login/"

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_NAME = "__Host-circle15" if HTTPS else "circle15"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_S = 15 * 60 * (1 if not DEBUG else 100)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
PUBLIC_COOKIE_NAME = "__Host-circle15-public" if HTTPS else "circle15-public"
DEVICE_COOKIE_NAME = "__Host-circle15-device" if HTTPS else "circle15-device"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "__Host-circle15-csrf" if HTTPS else "circle15-csrf"
CSRF_FAILURE_VIEW = "circle15.web.shared.errors.csrf_failure"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = HTTPS
# Named for the installation, so that two checkouts on one machine do not share entries.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": hashlib.sha256(str(VAR_DIR).encode()).hexdigest()[:12],
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", _("English"))]
LOCALE_PATHS = [SOURCE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "circle15-language"
LANGUAGE_COOKIE_AGE = 31_536_000
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "evidence"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "circle15.config.logs.LineFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # The library greets at INFO on every start.
    "loggers": {"pikepdf": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": env.text("CIRCLE15_LOG_LEVEL", "INFO")},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
