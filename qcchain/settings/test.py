"""Tests: the same parts, quick passwords, mail kept in memory."""

from qcchain.settings.base import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
ACCOUNT_RATE_LIMITS: dict[str, str] = {}

EVIDENCE_ROOT = DATA / "test" / "evidence"
