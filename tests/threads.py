"""Many at once, for tests: the same work in several threads that start together."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections


def together(number, work):
    """Call `work(n)` in `number` threads for n from 0; return what they returned, in order.

    All start at one moment, and each has a database connection of its own. A fault in
    one of them is raised here.
    """
    start = Barrier(number)

    def one(n):
        start.wait(timeout=30)
        try:
            return work(n)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))
