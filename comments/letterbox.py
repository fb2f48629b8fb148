"""The letterbox: a subject's secret page, on which they reply and see what became of it."""

from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from blogsite import emails, html
from blogsite.requests import as_pk, secret_page
from blogsite.views import not_found as lost  # it hands back what was typed
from comments import correspondence, quotation
from comments.letterbox_form import LetterboxForm
from comments.models import Act, AmendmentRequest, Comment, LetterboxDraft, RightOfReply
from comments.models.letterbox_draft import Elsewhere
from posts.models import Blog

QUIET = "quiet"
"""The value of `draft` where no person pressed a button, but the page saves by itself."""
ASKED = ("words", "wrong", "wanted", "public")
NOT_SAVED = _("Not saved as a draft: it is too long. Your words are in the form.")
NEWER = _(
    "Your draft was saved on another device, or in another window, since you opened this page. "
    "Yours is in the form, and not saved. Press “Save as a draft” to see both."
)
DONE = {
    "sent": _("Thank you: what you sent has arrived. Below you see what becomes of it."),
    "saved": _("Your draft is saved. It is here whenever you open this page, on any device."),
    "insist": _("Your reply stays as it is. The author has been told, and decides."),
    "withdraw": _("Your reply is withdrawn. Where it stood, readers see that it was."),
    "unseen": _(
        "Your reply is withdrawn: nobody can publish it any more, and readers learn nothing of it."
    ),
    "erase": _("Your reply is erased. Nothing of it is left but its number and its place."),
    "withdraw_request": _("Your request is withdrawn. It is not decided any more."),
    "erase_request": _("The words of your request are erased for good."),
    "public": _(
        "What you sent has arrived. You had asked for the same change before: that request is "
        "public now, and no longer private."
    ),
    "private": _(
        "What you sent has arrived. You had asked for the same change before: that request is "
        "private now, and readers see nothing of it any more."
    ),
    "throw": _("Your draft is thrown away."),
    "stop": _("You get no more letters about this post."),
    "resume": _("You get letters about this post again."),
    "resume-all": _("You get letters from this blog again."),
    "forget": _("Your e-mail is erased. No letters go to you any more."),
}


@csrf_exempt  # who knows the secret may write; nobody else knows it
@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def letterbox(request, secret):
    """A subject's letterbox: the post, the form, and what became of what was sent."""
    right = RightOfReply.objects.by_secret(secret)
    if right is None:
        return lost(request)
    if request.method != "POST":
        return _opened(request, right)
    if "do" in request.POST:
        verb = VERBS.get(request.POST["do"])
        return verb(request, right) if verb else lost(request)
    form = LetterboxForm(request.POST, right=right, action=request.path)
    if form.is_draft:
        return _kept(request, right, form)
    if not form.is_valid():
        return _page(request, right, form, status=422)
    if form.is_preview:
        return _page(request, right, form, preview=True)
    try:
        done = _received(right, form)
    except Elsewhere as newer:
        return _page(request, right, form, other=newer.draft, status=409)
    except ValueError as error:  # it was decided at this moment
        form.let("change", "")
        form.add_error("text", str(error))
        return _page(request, right, form, status=422)
    return redirect(f"{request.path}?{done}")


def _received(right, form):
    """Store a reply, a request or both, together; what was a draft is none any more.

    Returns what was done, a key of DONE.
    """
    asked = None
    data = form.cleaned_data
    # Before anything is held: the door takes its time for a long or hostile text.
    signed = {"role": data["role"], "url": data["site"], "shown": html.reply(data["text"])}
    with transaction.atomic():
        if data["change"]:
            right.rewrite(data["change"], data["text"], **signed)
        elif data["text"].strip():
            right.receive(data["text"], submission=data["submission"], **signed)
        if data["wrong"].strip():
            asked = right.ask(**{name: data[name] for name in ASKED})
        LetterboxDraft.objects.end(right, form.typed, form.seen_version)
    if asked and asked.is_switched:
        return "public" if asked.public else "private"
    return "sent"


def _kept(request, right, form):
    """Keep what was typed as a draft: because a button was pressed, or quietly, for the script."""
    is_quiet = form.data["draft"] == QUIET
    if not form.is_valid():
        if is_quiet:
            return JsonResponse({"told": str(NOT_SAVED)}, status=422)
        return _page(request, right, form, status=422)
    try:
        draft = LetterboxDraft.objects.keep(right, form.typed, form.seen_version)
    except Elsewhere as newer:
        if is_quiet:
            return JsonResponse({"told": str(NEWER)}, status=409)
        return _page(request, right, form, other=newer.draft, status=409)
    if is_quiet:
        return JsonResponse({"seen": draft.version if draft else "", "told": _saved(draft)})
    return redirect(f"{request.path}?saved" if draft else request.path)


def _saved(draft):
    if draft is None:
        return ""
    at = timezone.localtime(draft.saved_at)
    return _now("Saved as a draft on %s.") % date_format(at, "DATETIME_FORMAT")


def _opened(request, right):
    """Show the page as it is opened: with the draft, or with a reply that is to be changed."""
    sent = correspondence.read(right, Blog.current())
    draft = LetterboxDraft.objects.of(right)
    changing = sent.of(as_pk(request.GET.get("change")))
    if changing and changing.state != "reconsider":
        changing = None
    if draft and changing and draft.typed.get("change") == str(changing.comment.pk):
        changing = None  # it has been begun
    initial = {}
    if changing:
        initial = {**_signed(changing), "text": changing.comment.typed}
        initial["change"] = str(changing.comment.pk)
    elif draft:
        initial = draft.typed
    elif sent.last:
        initial = _signed(sent.last)
    initial = {name: value for name, value in initial.items() if name != "submission"}
    initial["seen"] = draft.version if draft else ""
    form = LetterboxForm(initial=initial, right=right, action=request.path)
    other = draft if changing else None
    return _page(request, right, form, sent=sent, draft=draft, other=other)


def _signed(said):
    return {"role": said.more.role, "site": said.comment.url}


def _page(request, right, form, *, sent=None, draft=None, other=None, preview=False, status=200):
    """Show the page. `other` is a draft that says something else than the form, to be kept."""
    sent = sent or correspondence.read(right, Blog.current())
    if other:
        form.let("seen", other.version)
    asked = sent.of(as_pk(form["change"].value()))
    words = form["words"].value() if preview else _words(request, sent)
    marked = right.post.is_published and words and quotation.marked(right.post.text, words)
    context = {
        "right": right,
        "post": right.post,
        "form": form,
        "done": next((DONE[one] for one in DONE if one in request.GET), ""),
        "sent": sent,
        "draft": draft,
        "other": other,
        "other_parts": _parts(other) if other else (),
        "changing": asked,
        "marked": marked,
        "is_sought": bool(words),
        "is_begun": bool(form.is_bound or draft or asked or sent.replies or sent.requests),
        "email": emails.masked(right.subject.email) if right.subject.email else "",
        "has_stopped": right.stopped_at or right.subject.stopped_at,
    }
    if preview:
        context["preview"] = _preview(right, form.cleaned_data)
    return render(request, "comments/letterbox.html", context, status=status)


def _words(request, sent):
    """Return the words of a request sent before that are to be shown in the post, or ""."""
    pk = as_pk(request.GET.get("words"))
    return next((one.request.words for one in sent.requests if one.request.pk == pk), "")


def _preview(right, data):
    """Return what would be sent, for the template: nothing of it is stored."""
    reply = request = None
    if data["text"].strip():
        reply = Comment(
            post=right.post,
            typed=data["text"],
            name=right.name,
            url=data["site"],
            voice=Comment.Voice.SUBJECT,
        )
        reply.shown = html.DOORS[reply.door](reply.typed)
    if data["wrong"].strip():
        request = AmendmentRequest(**{name: data[name] for name in ASKED})
    return {"reply": reply, "role": data["role"], "request": request}


def _parts(draft):
    """Return [(label, words)]: what a draft says, field by field."""
    fields = LetterboxForm.base_fields
    shown = ("text", "role", "site", "words", "wrong", "wanted")
    return [(fields[name].label, draft.typed[name]) for name in shown if draft.typed.get(name)]


def _sure(request, right, about):
    """Ask whether somebody is sure; `about` is what it is for the template."""
    context = {
        "right": right,
        "post": right.post,
        "do": request.POST["do"],
        "back": request.path,
        "parts": _parts(about["draft"]) if "draft" in about else (),
        **about,
    }
    return render(request, "comments/letterbox_sure.html", context)


def _asked_for(request, right):
    """Return the reply of theirs that the form names, or None."""
    return right.replies.filter(pk=as_pk(request.POST.get("reply", ""))).first()


def _with_reply(verb, is_asked=True):
    """Return what a button does with a reply: asks first where `is_asked`, then does the verb."""

    def done(request, right):
        reply = _asked_for(request, right)
        if reply is None:
            return lost(request)
        if is_asked and "sure" not in request.POST:
            return _sure(request, right, {"reply": reply})
        getattr(right, verb)(reply)
        if verb == "withdraw" and not reply.is_in_thread:
            return redirect(f"{request.path}?unseen")
        return redirect(f"{request.path}?{request.POST['do']}")

    return done


def _with_request(verb, **how):
    """Return what a button does with a request for an amendment, once somebody is sure."""

    def done(request, right):
        pk = as_pk(request.POST.get("request", ""))
        asked = right.requests.filter(pk=pk).first()
        if asked is None:
            return lost(request)
        if "sure" not in request.POST:
            return _sure(request, right, {"request_": asked})
        getattr(asked, verb)(**how)
        return redirect(f"{request.path}?{request.POST['do']}")

    return done


def _throw(request, right):
    draft = LetterboxDraft.objects.of(right)
    if draft and "sure" not in request.POST:
        return _sure(request, right, {"draft": draft})
    if draft and request.POST.get("seen") != draft.version:  # saved again meanwhile
        return _sure(request, right, {"draft": draft})
    if draft:
        LetterboxDraft.objects.end(right, draft.typed, draft.version)
    return redirect(f"{request.path}?throw")


def _stop(request, right):
    right.stop_letters()
    return redirect(f"{request.path}?stop")


def _resume(request, right):
    right.resume_letters()
    return redirect(f"{request.path}?resume")


def _resume_all(request, right):
    right.subject.resume_letters()
    return redirect(f"{request.path}?resume-all")


def _forget(request, right):
    if "sure" not in request.POST:
        return _sure(request, right, {})
    right.subject.forget_email()
    return redirect(f"{request.path}?forget")


VERBS = {
    "insist": _with_reply("insist", is_asked=False),
    "withdraw": _with_reply("withdraw"),
    "erase": _with_reply("erase_reply"),
    "withdraw_request": _with_request("withdraw"),
    "erase_request": _with_request("erase", role=Act.Role.SUBJECT),
    "throw": _throw,
    "stop": _stop,
    "resume": _resume,
    "resume-all": _resume_all,
    "forget": _forget,
}
