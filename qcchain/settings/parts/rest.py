"""The API's manners: problems as RFC 9457, cursor pages, one schema."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["parties.api_access.ActorAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["parties.api_access.HasActor"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "foundation.errors.problem_response",
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "parties.api_access.AlwaysJson",
    "DEFAULT_METADATA_CLASS": None,  # OPTIONS says nothing that the schema does not say
}
SPECTACULAR_SETTINGS = {
    "TITLE": "qcchain",
    "DESCRIPTION": "Supply-chain quality consistency: agreements, obligations, audits and the common record.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "PREPROCESSING_HOOKS": ["qcchain.api_schema.only_v1"],
    "POSTPROCESSING_HOOKS": ["qcchain.api_schema.plain_choices"],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SERVE_INCLUDE_SCHEMA": False,
}
