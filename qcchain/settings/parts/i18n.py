"""Two languages, one time zone for the eye."""

from django.utils.translation import gettext_lazy as _

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
