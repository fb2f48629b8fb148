"""When a letter was seen to; and the places of links in letters, which nobody can type any more."""

from django.db import migrations, models

SIGN = "\x1a"
PLACES = ("letterbox", "claim", "no more about this post", "no more letters", "confirm", "answer")
OURS = (
    *("courtesy ", "claim ", "confirm ", "answer ", "replied ", "decision ", "acknowledge "),
    *("published ", "reconsider ", "decline reply ", "erased request "),
)
"""How the keys begin of the letters that have such places; those to the author have none."""


def mark(apps, schema_editor):
    letters = apps.get_model("comments", "Letter").objects.filter(body__contains="[")
    for letter in letters.iterator(chunk_size=500):
        if letter.key.startswith(OURS):
            for place in PLACES:
                letter.body = letter.body.replace(f"[{place}]", f"[{place}{SIGN}]")
            letter.save(update_fields=["body"])


def unmark(apps, schema_editor):
    letters = apps.get_model("comments", "Letter").objects.filter(body__contains=SIGN)
    for letter in letters.iterator(chunk_size=500):
        letter.body = letter.body.replace(SIGN, "")
        letter.save(update_fields=["body"])


class Migration(migrations.Migration):
    dependencies = [("comments", "0011_questions")]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="seen_to_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="seen to"),
        ),
        migrations.RunPython(mark, unmark),
    ]
