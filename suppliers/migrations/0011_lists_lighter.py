"""The bytes of a list wait for their worker as they are: a workbook is pressed already, and pressing it again costs more than it saves."""

from django.db import migrations

AS_IT_IS = "alter table suppliers_listfile alter column data set storage external"
PRESSED = "alter table suppliers_listfile alter column data set storage extended"


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0010_lists_of_grams")]

    operations = [migrations.RunSQL(AS_IT_IS, PRESSED)]
