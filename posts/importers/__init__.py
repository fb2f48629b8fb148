"""Moving in: what other systems' exports hold, read and stored in this blog's words.

One module reads each foreign format and touches nothing: `blogger` (Blogger's Atom export),
`takeout` (Google Takeout's feed.atom), `wordpress` (WXR). `exports` tells them apart and reads a
file to its end before anything is stored; `intake` stores it.
"""
