"""Static files under names that carry their hash; the runner's modules name each other, so those names change with them."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModules(CompressedManifestStaticFilesStorage):
    """Only our own modules: the bundles of others hold words that look like imports."""

    _js_module_import_aggregation_patterns = ("runner/*.js", HashedFilesMixin._js_module_import_aggregation_patterns[1])  # type: ignore[attr-defined]
    support_js_module_import_aggregation = True
