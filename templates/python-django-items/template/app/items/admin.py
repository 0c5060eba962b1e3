from django.contrib import admin

from app.items.models import Item


@admin.register(Item)
class ItemAdmin(admin.ModelAdmin):
    list_display = ("name", "quantity", "created_at")
    search_fields = ("name",)
