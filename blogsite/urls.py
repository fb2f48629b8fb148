"""Every address of the site, on one screen."""

from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import path, register_converter

import comments.feeds
import comments.views
import comments.yours
import posts.feeds
import posts.sitemaps
import posts.views
from blogsite import converters, views
from comments import claiming, complaining, deciding, letterbox, subscribing

register_converter(converters.Year, "yyyy")
register_converter(converters.Month, "mm")
register_converter(converters.Name, "name")

urlpatterns = [
    path("", posts.views.home, name="home"),
    path("<yyyy:year>/", posts.views.year, name="year"),
    path("<yyyy:year>/<mm:month>/", posts.views.month, name="month"),
    path("<yyyy:year>/<mm:month>/<name:slug>/", posts.views.post, name="post"),
    path("<yyyy:year>/<mm:month>/<name:slug>/changes/", posts.views.changes, name="changes"),
    path("<yyyy:year>/<mm:month>/<name:slug>/feed/", comments.feeds.OnPost(), name="post-feed"),
    path("<yyyy:year>/<mm:month>/<name:slug>/about-you/", claiming.about_you, name="about-you"),
    # Not left to a redirect, after which a browser sends no words any more.
    path("<yyyy:year>/<mm:month>/<name:slug>/about-you", claiming.about_you),
    path("pages/<name:slug>/", posts.views.page, name="page"),
    path("pages/<name:slug>/about-you/", claiming.page_about_you, name="page-about-you"),
    path("pages/<name:slug>/about-you", claiming.page_about_you),
    path("pages/<name:slug>/changes/", posts.views.page_changes, name="page-changes"),
    path("labels/<name:slug>/", posts.views.label, name="label"),
    path("labels/<name:slug>/feed/", posts.feeds.Labelled(), name="label-feed"),
    path("reprints/", posts.views.reprints, name="reprints"),
    path("amendments/", posts.views.amendments, name="amendments"),
    path("amendments/<int:number>/", posts.views.amendment, name="amendment"),
    path("search/", posts.views.search, name="search"),
    path("feed/", posts.feeds.Newest(), name="feed"),
    path("feed/amendments/", posts.feeds.Amendments(), name="amendment-feed"),
    path("feed/comments/", comments.feeds.Newest(), name="comment-feed"),
    path("comments/", comments.views.newest, name="comments"),
    path("comments/<int:pk>/", comments.views.comment, name="comment"),
    path("comments/on/<name:slug>/", comments.views.write, name="write"),
    # Not left to a redirect, after which a browser sends no words any more.
    path("comments/on/<name:slug>", comments.views.write),
    path("comments/<int:pk>/complain/", complaining.complain_of_comment, name="complain"),
    path("comments/<int:pk>/complain", complaining.complain_of_comment),
    path("complaints/on/<name:slug>/", complaining.complain_of_post, name="complain-of-post"),
    path("complaints/on/<name:slug>", complaining.complain_of_post),
    path("decide/<str:secret>/", deciding.decide, name="decide"),
    path("decide/<str:secret>", deciding.decide),  # see below
    path("confirm/<str:secret>/", subscribing.confirm, name="confirm"),
    path("confirm/<str:secret>", subscribing.confirm),
    path("stop/<str:secret>/", subscribing.stop, name="stop"),
    path("stop/<str:secret>", subscribing.stop),
    path("rules/", complaining.rules, name="rules"),
    path("yours/<str:secret>/", comments.yours.yours, name="yours"),
    path("yours/<str:secret>", comments.yours.yours),  # see below
    path("yours/<str:secret>/on/<name:slug>/", comments.yours.write_again, name="write-again"),
    path("yours/<str:secret>/on/<name:slug>", comments.yours.write_again),
    path("reply/<str:secret>/", letterbox.letterbox, name="letterbox"),
    # Not left to a redirect, which would have none of a secret page's headers.
    path("reply/<str:secret>", letterbox.letterbox),
    path("views/<int:pk>/", posts.views.count, name="count"),
    path("views/<int:pk>.gif", posts.views.count_by_picture, name="count-by-picture"),
    path(
        "sitemap.xml",
        sitemap,
        {"sitemaps": {"posts": posts.sitemaps.Posts}},
        name="django.contrib.sitemaps.views.sitemap",
    ),
    path("robots.txt", views.robots, name="robots"),
    path("healthz", views.healthz, name="healthz"),
    path("admin/", admin.site.urls),
]

handler400 = "blogsite.views.bad_request"
handler404 = "blogsite.views.not_found"
handler500 = "blogsite.views.server_error"
