"""Spam, in words of our own, for tests: SPUN is SPAM with words changed, as programs do."""

SPAM = (
    "I have found really good oilskins at low prices on the shop of a friend, and you will not"
    " believe how fast they came to my door. Visit http://oilskins.example today!"
)
SPUN = (
    "I have got very good oilskins at cheap prices on the site of a friend, and you can not"
    " believe how quick they came to our door. Visit http://oilskins.example now!"
)
