"""What tests of the desk share: who is signed in, where a thing's page is, what its form says."""

from django.contrib.auth.models import Permission
from django.urls import reverse

from tests import make


def signed_in(client):
    """Return `client`, signed in as the author, who is `client.author`."""
    client.author = make.author()
    client.force_login(client.author)
    return client


def staff(*permissions, username="helper"):
    """Return a user of the desk who is not the author, with these permissions alone."""
    user = make.author(username)
    user.is_superuser = False
    user.save()
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def list_of(model):
    """Return the address of the list of `model`."""
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")


def page_of(thing):
    """Return the address of the thing's own page at the desk."""
    return reverse(f"admin:{thing._meta.label_lower.replace('.', '_')}_change", args=[thing.pk])


def act_on(things, action, **more):
    """Return what the list's form sends to do `action` on these things."""
    return {"action": action, "_selected_action": [thing.pk for thing in things], **more}


def errors(response, field):
    """Return what the form of this answer says is wrong with `field`."""
    return response.context["adminform"].form.errors.get(field)


def typed(button, post=None, **more):
    """Return what the form of `post` sends when `button` is pressed, with `more` typed over it.

    Rows within the form are `more` too: see rows().
    """
    sent = {
        "title": post.title if post else "",
        "text": post.text if post else "",
        "slug": post.slug if post else "",
        "kind": "post",
        "comment_policy": "",
        "seen": post.changed_at.isoformat() if post else "",
        button: "1",
    }
    for prefix in ("reprints", "rights", "earlier_figures"):
        sent |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return {**sent, **more}


def rows(prefix, *several):
    """Return what a post's form sends of rows within it; a row that there was has its `id`."""
    sent = {
        f"{prefix}-TOTAL_FORMS": len(several),
        f"{prefix}-INITIAL_FORMS": len([row for row in several if "id" in row]),
    }
    for number, row in enumerate(several):
        sent |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return sent


def opened(client, thing):
    """Return what the form of `thing` holds as it is opened now, rows within it too: no button."""
    context = client.get(page_of(thing)).context
    forms = [context["adminform"].form]
    for rows_of_one_kind in context["inline_admin_formsets"]:
        formset = rows_of_one_kind.formset
        forms += [formset.management_form, *formset.forms]
    fields = (field for form in forms for field in form)
    sent = {field.html_name: field.value() for field in fields}
    return {
        name: value for name, value in sent.items() if value or value == "" or type(value) is int
    }
