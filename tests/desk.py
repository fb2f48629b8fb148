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
