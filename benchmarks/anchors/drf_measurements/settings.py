import os

import dj_database_url

SECRET_KEY = "only-for-a-benchmark"
INSTALLED_APPS = ["rest_framework", "benchmarks.anchors.drf_measurements"]
DATABASES = {"default": {**dj_database_url.parse(os.environ["DATABASE_OWNER_URL"]), "CONN_MAX_AGE": None}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REST_FRAMEWORK = {"UNAUTHENTICATED_USER": None}
USE_TZ = True
