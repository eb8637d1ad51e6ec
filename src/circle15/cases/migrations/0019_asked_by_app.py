"""A question may come in by an app."""

from django.db import migrations, models

ASKED_BY = [
    ("window", "窗口"),
    ("phone", "电话"),
    ("visit", "上门"),
    ("village", "村（社区）"),
    ("online", "网上"),
    ("app", "手机应用"),
    ("event", "宣传活动"),
]


class Migration(migrations.Migration):
    dependencies = [("cases", "0018_calls")]
    operations = [
        migrations.AlterField(
            "consultation", "asked_by", models.CharField(choices=ASKED_BY, max_length=10)
        ),
    ]
