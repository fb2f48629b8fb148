"""Where somebody says that a post is about them; and the page on which they see what became of it.

What the first page answers is the same whatever the post: nobody learns whom it names, or whose
address is known.
"""

from urllib.parse import unquote

from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from blogsite.requests import as_number, is_ours
from blogsite.views import not_found as lost  # it hands back what was typed
from comments import correspondence
from comments.claim_form import AnswerForm, ClaimForm
from comments.models import Act, Claim
from comments.models.claim_queryset import TooMany
from comments.views import NOT_OURS
from posts import old_addresses
from posts.models import Blog, Post

MANY = _(
    "Very many people have written here just now. What you wrote is not stored; it is kept in the "
    "form below. Please send it again in an hour."
)


@csrf_exempt  # see blogsite/requests.py
@require_http_methods(["GET", "HEAD", "POST"])
def about_you(request, year, month, slug):
    """The form for "Is this post about you?", and where it is sent.

    A wrong date leads to the right one, but for what is sent: a browser would take no words along.
    """
    return _about_you(request, Post.objects.published().posts(), slug)


@csrf_exempt  # as above
@require_http_methods(["GET", "HEAD", "POST"])
def page_about_you(request, slug):
    """The same for a page."""
    return _about_you(request, Post.objects.published().pages(), slug)


def _about_you(request, posts, slug):
    post = posts.filter(slug=slug).first()
    of_post = request.path.removesuffix("/").removesuffix("about-you")
    if post is None or unquote(post.get_absolute_url()) != of_post:
        # What stood here on the former system comes before a post elsewhere with this slug.
        post = old_addresses.find(of_post) or post
    if post is None:
        return lost(request)
    address = post.get_about_you_url()
    if request.method != "POST" and request.path != unquote(address):
        query = request.META.get("QUERY_STRING", "")
        return redirect(f"{address}?{query}" if query else address, permanent=True)
    form = ClaimForm(
        request.POST if request.method == "POST" else None,
        initial={"comment": request.GET.get("comment", "")[:20]},
        post=post,
        action=address,
    )
    status = 200
    if request.method == "POST":
        status = 422
        if not is_ours(request):
            status = 403
            form.add_error(None, NOT_OURS)
        if form.is_valid():
            said = {**form.cleaned_data}
            del said["website"]
            try:
                Claim.objects.make(post, **said)
            except TooMany:
                status = 429
                form.add_error(None, MANY)
            else:
                return redirect(f"{address}?sent")
    number = as_number(form["comment"].value() or "")
    context = {
        "post": post,
        "form": form,
        "sent": "sent" in request.GET,
        "comment": number and post.comments.published().filter(number=number).first(),
    }
    return render(request, "comments/about_you.html", context, status=status)


def own_page(request, claim):
    """The claim's own page, for whoever holds its link: confirmed there, asked, and answered.

    Looking changes nothing: programs that look for harm in mail open its links.
    """
    form, status = None, 200
    if "answer" in request.POST:
        form = AnswerForm(request.POST, action=request.path)
        if _is_taken(form, claim):
            return redirect(request.path)
        status = 422
    elif "erase" in request.POST:
        if claim.is_confirmed:
            claim.erase(role=Act.Role.SUBJECT)
        return redirect(request.path)
    elif request.method == "POST":
        try:
            claim.confirm()
        except Claim.DoesNotExist:  # it has lapsed at this moment
            return lost(request)
        return redirect(request.path)
    elif claim.is_asked:
        form = AnswerForm(action=request.path)
    blog = Blog.current()
    context = {
        "claim": claim,
        "post": claim.post,
        "form": form,
        "right": claim.right,
        "number": claim.comment and claim.comment.number,
        "promise": claim.promise(blog),
        "steps": correspondence.steps_of_claim(claim, blog) if claim.is_confirmed else [],
    }
    return render(request, "comments/claim.html", context, status=status)


def _is_taken(form, claim):
    """Say whether what was answered is stored; what stands in the way of it is said by the form."""
    if form.is_valid():
        try:
            claim.answer_question(form.cleaned_data["answer"])
        except ValueError as error:
            form.add_error("answer", str(error))
    return form.is_valid()
