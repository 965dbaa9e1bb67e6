import os

import dj_database_url

SECRET_KEY = "only-for-a-benchmark"
INSTALLED_APPS = ["import_export", "benchmarks.anchors.import_rows"]
IMPORT_EXPORT_USE_TRANSACTIONS = True
DATABASES = {"default": {**dj_database_url.parse(os.environ["DATABASE_OWNER_URL"]), "CONN_MAX_AGE": None}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
