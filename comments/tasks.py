"""What the worker does for comments: queued work, and its part of the minute's tick."""

from blogsite.queue import one_by_one, task
from comments import digest, networks
from comments.models import Asking, Claim, Comment, CourtesyLetter, Letter, Sign, Subscription

A_MINUTES_WORK = 50
"""Addresses to look at in one tick, of those that could not be asked before."""


@task()
def send_letter(letter_id):
    """Send the letter with this id, if it is still to be sent."""
    letter = Letter.objects.filter(pk=letter_id).first()
    if letter:
        letter.send()


def tick():
    """Tell the subjects of what became public, and the author of comments that wait.

    Addresses that nobody confirmed, or of whom nothing is left, are forgotten; those that could
    not be asked before are asked now.
    """
    tell()
    digest.write()
    for subscription in Subscription.objects.lapsed():
        one_by_one(subscription.lapse)
    for claim in Claim.objects.lapsed():
        one_by_one(claim.lapse)
    ask()
    Asking.objects.past().delete()
    if not networks.is_cleared():
        forget()


def tell():
    """Send the courtesy letters that are due, and those that nobody has drafted."""
    for letter in CourtesyLetter.objects.due().select_related("right"):
        one_by_one(letter.go)
    for letter in CourtesyLetter.objects.missing():
        one_by_one(letter.go)


def ask():
    """Ask addresses that could not be asked before, as far as there is room for it.

    Picked by chance: those that may not be asked today stand in the way of none.
    """
    if not Asking.objects.has_room():
        return
    for subscription in Subscription.objects.to_ask().order_by("?")[:A_MINUTES_WORK]:
        one_by_one(subscription.ask_now)
    for claim in Claim.objects.to_ask().order_by("?")[:A_MINUTES_WORK]:
        one_by_one(claim.ask_now)


def forget():
    """Once a day: clear what says where comments came from, and signs too old to be compared."""
    told = Comment.objects.filter(written_at__lt=networks.known_since()).exclude(network="")
    told.update(network="")
    Sign.objects.forget_old()
    for file in networks.old_files():
        file.unlink(missing_ok=True)
    networks.cleared()  # last, so that whoever is killed before begins again


def send_due_letters():
    """Try the letters that are due, again or because nothing in the queue did; the oldest first."""
    for letter in Letter.objects.due().order_by("written_at", "pk"):
        one_by_one(letter.send)
