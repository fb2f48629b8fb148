"""The pages on which readers write, and on which comments are found."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from blogsite import html
from blogsite.requests import as_number, is_author, is_ours
from blogsite.views import not_found as lost  # it hands back what was typed
from comments import networks, thread_pages
from comments.forms import CommentForm
from comments.models import Comment, Commenter, Subscription
from comments.screening import Sent
from posts import search
from posts.models import Blog, CommentPolicy
from posts.old_addresses import post_named

A_PAGE = 50
NOT_OURS = _("Your browser doesn’t say that this was sent from here. Send it once more.")
WRONG = "wrong"
"""In the address of a return link's page: the e-mail that came with a comment was none."""
REMEMBERED = "yours"
"""The one cookie that a reader may have: it goes along when a comment is sent, nowhere else."""


@require_safe
def newest(request):
    """The newest comments on the whole blog; or those found for `?q=` (words) and `?name=`."""
    asked = (request.GET.get(key, "").strip() for key in ("q", "name"))
    words, name = (typed[: search.LONGEST_QUERY] for typed in asked)
    if words or name:
        return _found(request, words, name)
    comments = Comment.objects.published().on_public_posts().newest_first()
    page = Paginator(comments.select_related("post", "reply"), A_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "comments/newest.html", {"page": page})


def _found(request, words, name):
    """Answer with the comments in which the words stand, and which were signed so."""
    hits, total, number, more = search.page(
        words, request.GET.get("page"), A_PAGE, name=name, kinds=("comment",), newest=True
    )
    context = {
        "words": words,
        "name": name,
        "hits": hits,
        "total": total,
        "asked": urlencode({"q": words, "name": name}),
        "number": number,
        "more": more,
    }
    return render(request, "comments/found.html", context)


@require_safe
def comment(request, pk):
    """The permanent address of a comment: leads to where it stands.

    What is asked for as new `?since=` a number stays asked for.
    """
    found = get_object_or_404(
        Comment.objects.in_thread().on_public_posts().select_related("post"), pk=pk
    )
    return redirect(thread_pages.place(found, since=as_number(request.GET.get("since"))))


@csrf_exempt  # see blogsite/requests.py
@require_http_methods(["GET", "HEAD", "POST"])
def write(request, slug):
    """The form for a comment on a page of its own; and where comments are sent."""
    post = post_named(slug)
    if post is None:
        return lost(request)
    author = is_author(request)
    known = None if author else remembered(request)
    form = comment_form(request, post, author, known)
    response = written(request, post, form, known, author=author)
    if known:
        response["Cache-Control"] = "no-store, private"
    return response


def written(request, post, form, known, author=False):
    """Store what was sent, and answer; or show the form, with what stands in the way of it.

    `known` is the Commenter who writes, or None: a new one.
    """
    closed = is_closed(post) and not author
    status = 200
    if request.method == "POST":
        status = 422
        problem = None if is_ours(request) else NOT_OURS
        if closed:
            problem = _("Comments on this post are closed. Your words are kept below.")
        if problem:
            status = 403
            form.add_error(None, problem)
        if form.is_valid() and "preview" not in request.POST:
            return _stored(request, post, form, known, author)
        arrived = is_ours(request) and "preview" not in request.POST and _arrived(post, form)
        if arrived:
            email = WRONG if "email" in form.errors else form.cleaned_data.get("email", "")
            return _acknowledged(request, arrived, is_theirs=True, email=email)
    number = form["to"].value()
    parent = None
    if str(number or "").isdecimal() and len(str(number)) < 10:
        there = post.comments.published().select_related("reply")
        parent = there.filter(number=number).first()
    context = {"post": post, "form": form, "parent": parent, "closed": closed, "known": known}
    if "preview" in request.POST and form.is_valid():
        status = 200
        context["preview"] = Comment(
            post=post,
            typed=form.cleaned_data["text"],
            name=Blog.current().author_name if author else form.cleaned_data["name"],
            voice=Comment.Voice.AUTHOR if author else Comment.Voice.READER,
        )
        context["preview"].shown = html.DOORS[context["preview"].door](context["preview"].typed)
    return render(request, "comments/write.html", context, status=status)


def _stored(request, post, form, known, author):
    """Store a valid comment, and answer: on its writer's own page, or (the author) at its place."""
    data = form.cleaned_data
    stored = Comment.objects.write(
        post,
        data["text"],
        name=Blog.current().author_name if author else data["name"],
        parent=data["to"],
        voice=Comment.Voice.AUTHOR if author else Comment.Voice.READER,
        submission=data["submission"],
        sent=Sent(trap=data["website"], took=data["took"], network=networks.of(request)),
        by=request.user if author else None,
        commenter=known,
    )
    # Whoever sends the words of somebody else once more is not told that one's return link; a
    # browser that sends the same submission twice is.
    is_same = data["submission"] and stored.submission == data["submission"]
    is_theirs = not stored.is_repeat or is_same or stored.commenter == known
    return _acknowledged(request, stored, is_theirs, data.get("email", ""))


def _arrived(post, form):
    """Return the comment that this very form has brought here before; or None.

    It may be refused now: closed meanwhile, its parent removed. But if it is there, and its writer
    never had the answer, they shall have it now.
    """
    submission, text = (form.cleaned_data.get(name) for name in ("submission", "text"))
    sent = post.comments.filter(submission=submission) if submission else Comment.objects.none()
    return sent.not_withdrawn().saying(text).select_related("post", "commenter").first()


def _acknowledged(request, stored, is_theirs, email=""):
    """Answer that it is stored: on its writer’s own page where it `is_theirs`, else in place.

    `email` is where its writer wants to hear of answers, if they do; WRONG if what they typed is
    no e-mail, which their page then says.
    """
    post = stored.post
    if stored.commenter and is_theirs:
        page = f"{stored.commenter.path}?posted={stored.pk}"
        if email == WRONG:
            return redirect(f"{page}&email={WRONG}")
        if email:
            Subscription.objects.leave(stored.commenter, email)
        return redirect(page)
    if stored.is_in_thread:
        return redirect(thread_pages.place(stored))
    return render(request, "comments/held.html", {"post": post, "comment": stored})


def comment_form(request, post, author=False, known=None, action=None):
    """Return the form for a comment under `post`: as sent, or empty (answering `?to=`).

    A `known` commenter finds a name there that they keep, or else the one they used last.
    """
    names = _names(known) if known else ()
    return CommentForm(
        request.POST if request.method == "POST" else None,
        initial={"to": request.GET.get("to"), "name": next(iter(names), "")},
        post=post,
        author=author,
        known=known,
        action=action or reverse("write", args=[post.slug]),
    )


def _names(known):
    """Return the names under which a commenter may want to write: the kept ones, then the last."""
    kept = known.kept_names.values_list("name", flat=True)
    # Not that of a subject, under which the author has marked one.
    signed = known.comments.filter(voice=Comment.Voice.READER).order_by("-pk")
    return [*kept, *signed.values_list("name", flat=True)[:1]]


def remembered(request):
    """Return the Commenter whom this device remembers, because they asked it to; or None."""
    return Commenter.objects.by_secret(request.COOKIES.get(REMEMBERED, ""))


def is_closed(post):
    """Say whether readers can't comment on `post`."""
    return post.policy == CommentPolicy.CLOSED
