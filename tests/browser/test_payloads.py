"""Whatever is sent, written or imported, nothing of it runs: in Chromium, with CSP switched off.

The policy would stop most of it; here the door for HTML and the escaping of templates stand alone.
"""

from html import escape

import pytest
from django.core.management import call_command

from comments.models import Comment
from posts.models import Label, Post
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

PAYLOADS = [
    "<script>ran()</script>",
    "<SCRIPT SRC=/static/blog.js>ran()</SCRIPT >",
    "<img src=x onerror=ran()>",
    "<img src=x onerror=ran() ",
    '<a href="javascript:ran()">a</a>',
    '<a href="java\tscript:ran()">b</a>',
    '<a href=" &#106;avascript:ran()">c</a>',
    '<a href="data:text/html,<script>ran()</script>">d</a>',
    "<svg onload=ran()><script>ran()</script></svg>",
    "<svg><style><img src=x onerror=ran()></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=ran()>",
    "<noscript><p title='</noscript><img src=x onerror=ran()>'></noscript>",
    "<body onload=ran()>",
    "<p onmouseover=ran() onfocus=ran() tabindex=1 autofocus>e</p>",
    "<details open ontoggle=ran()>f</details>",
    "<video><source onerror=ran()></video>",
    "<iframe src='javascript:parent.ran()'></iframe>",
    "<form action='javascript:ran()'><button>g</button></form>",
    "<object data='javascript:ran()'></object><embed src='javascript:ran()'>",
    "<meta http-equiv=refresh content='0;url=javascript:ran()'>",
    "<style>@import 'javascript:ran()'; * { background: url(javascript:ran()) }</style>",
    "</textarea><script>ran()</script>",
    "</title><script>ran()</script>",
    '"><script>ran()</script>',
    "'-ran()-'",
    "<!--><script>ran()</script>-->",
    "<a id=write name=submission href='//elsewhere.example' onclick=ran()>h</a>",
    "<b/onclick=ran()>i</b>",
    "<<script>ran()</script>",
    "&lt;script&gt;ran()&lt;/script&gt;",
]
ALL = "\n\n".join(PAYLOADS)

HOOK = "window.ran = () => { window.hasRun = true }; window.alert = window.ran;"
LOOK = """() => {
  const bad = [];
  for (const one of document.querySelectorAll("*")) {
    for (const {name, value} of one.attributes) {
      if (name.startsWith("on") || name === "style" || name === "srcdoc") bad.push(one.outerHTML);
      const leads = ["href", "src", "action", "formaction", "data"].includes(name);
      if (leads && /^[\\s\\u0000-\\u0020]*(javascript|data|vbscript):/i.test(value))
        bad.push(one.outerHTML);
    }
    one.dispatchEvent(new MouseEvent("mouseover", {bubbles: true}));
    one.dispatchEvent(new Event("toggle"));
  }
  const never = ["script", "svg", "iframe", "object", "style"].map((name) => `main ${name}`);
  for (const one of document.querySelectorAll(never))
    bad.push(one.outerHTML);
  if (window.hasRun) bad.push("it ran");
  return bad;
}"""

EXPORT = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0">
<id>tag:blogger.com,1999:blog-9.archive</id><title>{text}</title>
<entry><id>tag:blogger.com,1999:blog-9.post-1</id>
<published>2012-05-01T10:00:00Z</published><updated>2012-05-01T10:00:00Z</updated>
<category scheme="http://schemas.google.com/g/2005#kind"
 term="http://schemas.google.com/blogger/2008/kind#post"/>
<category scheme="http://www.blogger.com/atom/ns#" term="{label}"/>
<title type="text">{title}</title><content type="html">{text}</content>
<link rel="alternate" type="text/html" href="http://old.example/2012/05/brought-along.html"/>
<author><name>{title}</name><uri>http://www.blogger.com/profile/1</uri></author></entry>
<entry><id>tag:blogger.com,1999:blog-9.post-2</id>
<published>2012-05-02T10:00:00Z</published><updated>2012-05-02T10:00:00Z</updated>
<category scheme="http://schemas.google.com/g/2005#kind"
 term="http://schemas.google.com/blogger/2008/kind#comment"/>
<title type="text">{title}</title><content type="html">{text}</content>
<link rel="alternate" type="text/html"
 href="http://old.example/2012/05/brought-along.html?showComment=1335952800000#c2"/>
<author><name>{title}</name><uri>javascript:ran()</uri></author>
<thr:in-reply-to ref="tag:blogger.com,1999:blog-9.post-1"/></entry>
</feed>"""


@pytest.fixture
def hostile_site(tmp_path):
    """A site on which everything that can be typed holds every payload."""
    make.blog(tagline=PAYLOADS[0], comment_policy="open")
    post = make.post(f"{PAYLOADS[0]}{PAYLOADS[2]}", ALL, labels=[PAYLOADS[2]], slug="hostile")
    for payload in PAYLOADS:
        Comment.objects.write(post, payload, name=payload[:100])
    Comment.objects.write(post, ALL, name=PAYLOADS[2])
    right = make.right(post, make.subject(PAYLOADS[2]), shown_name=PAYLOADS[0])
    right.receive(ALL).publish()
    right.ask(words=ALL, wrong=ALL, wanted=ALL, public=True)
    post.revise(post.title, f"{ALL}<p>again</p>", sort="amendment", note=ALL)
    newer = make.post("A reprint", ALL, published=None)
    make.reprint(newer, post, ALL, chosen=post.comments.filter(number__lte=5))
    newer.publish()
    export = tmp_path / "export.xml"
    words = {"text": escape(ALL), "title": escape(PAYLOADS[2]), "label": escape(PAYLOADS[4])}
    export.write_text(EXPORT.format(**words))
    call_command("import_blog", export, verbosity=0)
    return post, newer, right


def test_nothing_runs_on_any_public_page(chromium, site, hostile_site):
    post, newer, right = hostile_site
    imported = Post.objects.get(slug="brought-along")
    addresses = [
        *("/", "/comments/", "/reprints/", "/2012/05/", "/search/?q=ran", "/search/?q=script"),
        "/search/?q=%3Cscript%3Eran()%3C/script%3E",
        *(one.get_absolute_url() for one in (post, newer, imported)),
        *(label.get_absolute_url() for label in Label.objects.all()),
        f"/comments/on/{post.slug}/?to=3",
        f"/comments/on/{post.slug}/?to=%3Cscript%3Eran()%3C/script%3E",
        right.letterbox,
    ]
    page = hooked(chromium, site).new_page()
    for address in addresses:
        assert page.goto(address).status == 200, address
        assert page.evaluate(LOOK) == [], address
    page.context.close()


def test_nothing_runs_when_the_words_are_handed_back(chromium, site, hostile_site):
    post, *_ = hostile_site
    page = hooked(chromium, site).new_page()
    page.goto(f"/comments/on/{post.slug}/")
    page.get_by_role("textbox", name="Your comment").fill(ALL * 8)  # too long: handed back
    page.get_by_label("Your name").fill(PAYLOADS[22])
    page.get_by_role("button", name="Send comment").click()
    page.get_by_role("alert").wait_for()
    assert page.evaluate(LOOK) == []
    page.context.close()


def test_nothing_runs_at_the_desk(chromium, site, hostile_site, client):
    post, newer, right = hostile_site
    client.force_login(make.author())
    context = hooked(chromium, site)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": site.url}])
    page = context.new_page()
    held = Comment.objects.write(post, f"{ALL} http://a.example http://b.example", name="x")
    for address in (
        *("", "posts/post/", "posts/label/", "comments/comment/?state=all", "comments/act/"),
        *("comments/rightofreply/", "comments/amendmentrequest/", "comments/subject/"),
        f"posts/post/{post.pk}/change/",
        f"posts/post/{post.pk}/preview/",
        f"comments/comment/{held.pk}/change/",
        f"comments/amendmentrequest/{right.requests.get().pk}/change/",
        f"posts/reprint/{newer.reprints.get().pk}/change/",
    ):
        assert page.goto(f"/admin/{address}").status == 200, address
        assert not page.evaluate("Boolean(window.hasRun)"), address
    context.close()


def hooked(chromium, site):
    """Return a browser context without CSP, in which a payload that runs leaves a trace."""
    context = chromium.new_context(base_url=site.url, bypass_csp=True)
    context.set_default_timeout(10_000)
    context.add_init_script(HOOK)
    return context
