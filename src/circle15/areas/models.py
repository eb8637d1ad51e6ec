"""Divisions from city to village, their other names, and the lines drawn on the map."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from circle15.areas.states import Level


class Division(models.Model):
    """A city, county, town or village with its 12-digit statistical code."""

    code = models.CharField(max_length=12, unique=True)
    level = models.CharField(max_length=8, choices=Level.choices)
    name = models.CharField(max_length=80)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    # "/city/county/town/": one prefix test answers "is this inside that?"
    path = models.CharField(max_length=80, unique=True)
    # Pinyin, so that plain PostgreSQL puts Chinese names in order (COLLATE "C").
    sort_key = models.TextField(db_collation="C")
    # 虚拟社区 and the like: a code without inhabitants, left out of every rate.
    is_placeholder = models.BooleanField(default=False)
    population_registered = models.PositiveIntegerField(null=True, blank=True)
    population_resident = models.PositiveIntegerField(null=True, blank=True)
    population_over_60 = models.PositiveIntegerField(null=True, blank=True)
    population_source = models.CharField(max_length=200, blank=True)
    lon = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    lat = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    boundary = models.JSONField(null=True, blank=True)
    is_synthetic = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = (
            models.Index(fields=["level", "sort_key"], name="areas_division_level_sort"),
            models.Index(
                fields=["path"], name="areas_division_path_like", opclasses=["varchar_pattern_ops"]
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="areas_division_code_digits", condition=models.Q(code__regex=r"^\d{12}$")
            ),
            models.CheckConstraint(
                name="areas_division_point_whole",
                condition=models.Q(lon__isnull=True, lat__isnull=True)
                | models.Q(lon__isnull=False, lat__isnull=False),
            ),
            models.CheckConstraint(
                name="areas_division_only_city_is_top",
                condition=models.Q(parent__isnull=True, level=Level.CITY)
                | models.Q(parent__isnull=False) & ~models.Q(level=Level.CITY),
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}（{self.code}）"


class Alias(models.Model):
    """Another name of a division, as local documents or older lists write it."""

    division = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=80)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["division", "name"], name="areas_alias_once"),
        )

    def __str__(self) -> str:
        return self.name


class MapLayer(models.Model):
    """Lines drawn under the sites on the map, such as the roads of a county."""

    division = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="map_layers")
    kind = models.CharField(max_length=20, choices=[("roads", _("道路"))])
    geojson = models.JSONField()
    attribution = models.CharField(max_length=200)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["division", "kind"], name="areas_layer_once"),
        )

    def __str__(self) -> str:
        return f"{self.division_id} {self.kind}"
