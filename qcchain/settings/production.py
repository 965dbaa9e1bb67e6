"""Production: HTTPS only, secrets from the environment, nothing by default."""

import os

from qcchain.settings.base import *

DEBUG = False
SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
ALLOWED_HOSTS = os.environ["QCCHAIN_HOSTS"].split(",")
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
EMAIL_BACKEND = os.environ.get("QCCHAIN_EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = os.environ.get("QCCHAIN_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("QCCHAIN_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("QCCHAIN_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("QCCHAIN_SMTP_PASSWORD", "")
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_TIMEOUT = 20
