"""The page of items: everybody sees them, who has logged in can add some."""

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from app.items.models import Item


class ItemForm(forms.ModelForm):
    class Meta:
        model = Item
        fields = ("name", "quantity")


@require_http_methods(["GET", "HEAD", "POST"])
def items(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and not request.user.is_authenticated:
        return redirect_to_login(request.path)
    form = ItemForm(request.POST or None)
    if form.is_valid():
        form.save()
        return redirect(request.path)
    return render(request, "items/items.html", {"form": form, "items": Item.objects.all()[:100]})
