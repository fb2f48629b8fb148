"""What browser tests of the desk share."""


def choose(within, words, typed=None):
    """Choose, in the picker `within` something, what has these `words`; it is looked for by them.

    `typed` is what is typed instead. Of two that are offered the mouse decides, wherever it happens
    to stand; so the option itself is clicked, not the one that is highlighted.
    """
    within.locator(".select2-selection").click()
    within.page.keyboard.type(typed or words)
    within.page.locator(".select2-results__option", has_text=words).click()
