"""What Django needs everywhere. `make run` uses this as it is; production.py adds what needs HTTPS and real secrets."""

import os
from pathlib import Path

from qcchain.settings.parts.celery import CELERY, REDIS_URL
from qcchain.settings.parts.database import databases
from qcchain.settings.parts.i18n import LANGUAGE_CODE, LANGUAGES, TIME_ZONE, USE_I18N, USE_TZ  # noqa: F401
from qcchain.settings.parts.rest import REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: F401
from qcchain.settings.parts.security import *

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = Path(os.environ.get("QCCHAIN_DATA", ROOT / ".qcchain"))

DEBUG = os.environ.get("QCCHAIN_DEBUG") == "1"
SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "only-for-one-machine-" + "x" * 40)
ALLOWED_HOSTS = os.environ.get("QCCHAIN_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("QCCHAIN_ORIGINS", "").split(",") if o]
PUBLIC_URL = os.environ.get("QCCHAIN_PUBLIC_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")

APPS = ["foundation", "jobs", "parties", "notices", "records", "suppliers", "agreements", "inspections", "audits", "onestop", "oversight", "desk", "qcchain"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    *APPS,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "qcchain.health.HealthMiddleware",
    "parties.middleware.LobbyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "parties.middleware.HatMiddleware",
]
ROOT_URLCONF = "qcchain.urls"
WSGI_APPLICATION = "qcchain.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "desk.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "foundation.templatetags.qc"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
LOCALE_PATHS = [ROOT / "locale"]
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = Path(os.environ.get("QCCHAIN_STATIC", DATA / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "qcchain.hashed.HashedModules"},
}
# Packing takes a fifth of the time: plain names are never asked for, and source maps are for developers.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["jpg", "jpeg", "png", "gif", "webp", "zip", "gz", "br", "woff", "woff2", "map"]

DATABASES = databases()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
QCCHAIN_ROLE_PREFIX = os.environ.get("QCCHAIN_ROLE_PREFIX", "qcc_")
EVIDENCE_ROOT = Path(os.environ.get("QCCHAIN_EVIDENCE", DATA / "evidence"))
EVIDENCE_MAX_BYTES = 50 * 1024 * 1024
SCAN_ADDRESS = os.environ.get("CLAMD_ADDRESS", "")
AGREEMENT_CA = os.environ.get("QCCHAIN_CA", "")  # a class as agreements.services.ca.CaProvider; off while empty
SMS_PORT = os.environ.get("QCCHAIN_SMS", "notices.sms.LoggedSms")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "qcc"}}

AUTH_USER_MODEL = "parties.Person"
AUTHENTICATION_BACKENDS = ["parties.sign_in.SignInBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/home/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "parties.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/m/ip,8/15m/key", "change_password": "5/m/user"}
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
FILE_UPLOAD_HANDLERS = ["agreements.hash_only.HashOnly", "django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000

EMAIL_BACKEND = os.environ.get("QCCHAIN_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = DATA / "mail"
DEFAULT_FROM_EMAIL = os.environ.get("QCCHAIN_MAIL_FROM", "qcchain <noreply@qcchain.example>")

CELERY_SETTINGS = CELERY
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("QCCHAIN_LOG", "WARNING")},
}
