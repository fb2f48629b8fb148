"""What a return link opens: one commenter's comments, and all that only their writer may do."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from blogsite.requests import as_pk, is_ours, secret_page
from comments import names
from comments.forms import AddressField, EditForm, kept_names
from comments.models import Act, Comment, Commenter, KeptName, Reason, Subscription
from comments.views import NOT_OURS, REMEMBERED, WRONG, comment_form, lost, written
from posts.old_addresses import post_named

A_PAGE = 50
A_YEAR = 365 * 24 * 60 * 60  # seconds
NOTHING_TO_ANSWER = _(
    "Your e-mail was not kept: nothing that you wrote is left here, so nobody can answer it."
)
DONE = {
    "edit": _("Your comment is changed."),
    "withdraw": _("Your comment is withdrawn. Its number and its place stay."),
    "erase": _("Your comment is erased. Nothing of it is left but its number and its place."),
    "keep": _("The name is yours: nobody else can write under it, or one that looks like it."),
    "release": _("The name is free again."),
    "remember": _("This device remembers you. What you write here from now on is yours, too."),
    "forget": _("This device has forgotten you. Your return link goes on working."),
    "leave": _("Your e-mail is noted."),
    "stop": _("You get no more letters, and your e-mail is erased."),
}


@csrf_exempt  # see blogsite/requests.py
@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def yours(request, secret):
    """The commenter's comments, each with its state and its answers; and what they may do."""
    commenter = Commenter.objects.by_secret(secret)
    if commenter is None:
        return lost(request)
    if request.method != "POST":
        return _page(request, commenter)
    if not is_ours(request):
        # Another site could send its own link from here, and have a device remember it.
        form = _edited(request, commenter)
        if form:
            form.add_error(None, NOT_OURS)
        elif "text" in request.POST:
            return lost(request)
        typed = {key: request.POST[key] for key in ("name", "email") if key in request.POST}
        return _page(request, commenter, form, problem=NOT_OURS, status=403, **typed)
    verb = VERBS.get(request.POST.get("do"))
    return verb(request, commenter) if verb else lost(request)


@csrf_exempt  # as above
@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def write_again(request, secret, slug):
    """The form for another comment by the same person."""
    commenter = Commenter.objects.by_secret(secret)
    post = post_named(slug)
    if commenter is None or post is None:
        return lost(request)
    action = reverse("write-again", args=[secret, post.slug])
    form = comment_form(request, post, known=commenter, action=action)
    return written(request, post, form, commenter)


def _page(request, commenter, form=None, status=200, **refused):
    """Show the page; `form` is an EditForm that was refused, with its `comment`.

    `refused` may say what else was: `name` could not be kept, because of `refusal`; `email` is
    none, because of `email_fault`; `problem` is one with the whole request, and either may then be
    handed back without a fault of its own.
    """
    rows = commenter.comments.select_related("post", "parent").order_by("-written_at", "-pk")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    asked = form.comment if form else _own(commenter, request.GET.get("edit", ""))
    if asked and asked not in page.object_list:  # it stands on another page of theirs
        page.object_list = [asked, *page.object_list]
    for comment in page:
        comment.form = None
        if form and form.comment == comment:
            comment.form = form
        elif comment.is_editable and asked == comment:
            initial = {"text": comment.typed, "comment": comment.pk}
            comment.form = EditForm(initial=initial, action=request.path)
        comment.can_be_withdrawn = comment.is_published or comment.is_held
    answers = Comment.objects.published().on_public_posts().filter(parent__in=[*page])
    of = {}
    for answer in answers.select_related("post").order_by("published_at", "pk"):
        of.setdefault(answer.parent_id, []).append(answer)
    posted = request.GET.get("posted", "")
    context = {
        "commenter": commenter,
        "page": page,
        "rows": [(comment, of.get(comment.pk, [])) for comment in page],
        "posted": next((one for one in page if str(one.pk) == posted), None),
        "done": DONE.get(request.GET.get("done")),
        "is_email_wrong": request.GET.get("email") == WRONG,
        "name": next((one.name for one in page if one.name and one.is_readers), ""),
        "is_remembered": request.GET.get("done") == "remember",
        "subscription": Subscription.objects.filter(commenter=commenter).first(),
        **refused,
    }
    return render(request, "comments/yours.html", context, status=status)


def _own(commenter, number):
    """Return the comment of theirs with this id (as it was sent), or None."""
    return commenter.comments.select_related("post", "parent").filter(pk=as_pk(number)).first()


def _asked_for(request, commenter):
    """Return the comment of theirs that the form names, or None."""
    return _own(commenter, request.POST.get("comment", ""))


def _edited(request, commenter):
    """Return the EditForm as it was sent, with its `comment`; None where it is about none."""
    comment = _asked_for(request, commenter)
    if comment is None or "text" not in request.POST:
        return None
    form = EditForm(request.POST, action=request.path)
    form.comment = comment
    return form


def _edit(request, commenter):
    form = _edited(request, commenter)
    if form is None:
        return lost(request)
    comment = form.comment
    if form.is_valid():
        try:
            comment.edit(form.cleaned_data["text"])
        except ValueError as error:
            form.add_error("text", str(error))
        else:
            return redirect(f"{commenter.path}?done=edit")
    return _page(request, commenter, form, status=422)


def _withdraw(request, commenter):
    comment = _asked_for(request, commenter)
    if comment and (comment.is_published or comment.is_held):
        comment.remove(reason=Reason.ASKED, role=Act.Role.WRITER)
    return redirect(f"{commenter.path}?done=withdraw")


def _erase(request, commenter):
    comment = _asked_for(request, commenter)
    if comment:
        comment.erase(role=Act.Role.WRITER)
    return redirect(f"{commenter.path}?done=erase")


def _erase_all(request, commenter):
    commenter.erase()
    response = render(request, "comments/erased.html")
    response.delete_cookie(REMEMBERED, path=_cookie_path())
    return response


def _keep(request, commenter):
    name = names.tidy(request.POST.get("name", ""))
    try:
        KeptName.objects.keep(commenter, name, taken=kept_names())
    except ValidationError as error:
        return _page(request, commenter, name=name, refusal=error.messages[0], status=422)
    return redirect(f"{commenter.path}?done=keep")


def _release(request, commenter):
    commenter.kept_names.filter(pk=as_pk(request.POST.get("kept"))).delete()
    return redirect(f"{commenter.path}?done=release")


def _leave(request, commenter):
    typed = request.POST.get("email", "")
    try:
        email = AddressField().clean(typed)
        if not email:
            raise ValidationError(_("Type an e-mail first."))
    except ValidationError as error:
        fault = error.messages[0]
        return _page(request, commenter, email=typed, email_fault=fault, status=422)
    if Subscription.objects.leave(commenter, email) is None:
        return _page(request, commenter, problem=NOTHING_TO_ANSWER, status=422)
    return redirect(f"{commenter.path}?done=leave")


def _stop(request, commenter):
    for subscription in Subscription.objects.filter(commenter=commenter):
        subscription.stop()
    return redirect(f"{commenter.path}?done=stop")


def _remember(request, commenter):
    response = redirect(f"{commenter.path}?done=remember")
    response.set_cookie(
        REMEMBERED,
        commenter.secret,
        max_age=A_YEAR,
        path=_cookie_path(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _forget(request, commenter):
    response = redirect(f"{commenter.path}?done=forget")
    response.delete_cookie(REMEMBERED, path=_cookie_path(), samesite="Lax")
    return response


def _cookie_path():
    """Return where the cookie goes along: where comments are sent, so that pages stay the same."""
    return reverse("write", args=["a"]).removesuffix("a/")


VERBS = {
    "edit": _edit,
    "withdraw": _withdraw,
    "erase": _erase,
    "erase-all": _erase_all,
    "keep": _keep,
    "release": _release,
    "remember": _remember,
    "forget": _forget,
    "leave": _leave,
    "stop": _stop,
}
