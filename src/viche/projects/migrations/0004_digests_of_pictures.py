from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0003_delivery")]

    operations = [
        migrations.AddField("picture", "digest", models.CharField(blank=True, default="", max_length=64), preserve_default=False),
    ]
