from django.urls import path

from app.items import pages

urlpatterns = [path("", pages.items)]
