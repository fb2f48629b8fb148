"""What the fault of a mail server means: refused for good, or not reached for now."""

from smtplib import (
    SMTPConnectError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)


def is_refused_for_good(error):
    """Say whether a mail server will never take a letter to this address (a 5xx answer)."""
    if not isinstance(error, SMTPRecipientsRefused) or not error.recipients:
        return False
    return all(500 <= code < 600 for code, _words in error.recipients.values())


def is_away(error):
    """Say whether no mail server was reached, or one that takes nothing for now (a 4xx answer)."""
    if isinstance(error, (SMTPConnectError, SMTPServerDisconnected)):
        return True
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
        return bool(codes) and all(400 <= code < 500 for code in codes)
    if isinstance(error, SMTPResponseException):
        return 400 <= error.smtp_code < 500
    return isinstance(error, OSError) and not isinstance(error, SMTPException)
