"""Tests: the same parts, quick passwords, mail kept in memory."""

from qcchain.settings.base import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
# A file is looked for when it is asked for: else each of thousands of test clients would read the whole folder first.
WHITENOISE_AUTOREFRESH = True
# Hundreds of requests come from one address; the limit per name stays, and has its test.
ACCOUNT_RATE_LIMITS = {"login": "10000/m/ip", "login_failed": "10000/m/ip,5/15m/key"}

EVIDENCE_ROOT = DATA / "test" / "evidence"
