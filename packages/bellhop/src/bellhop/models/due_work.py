"""When what is due was last looked after, so that a set-up in which nobody does can be told."""

from django.db import models


class DueWork(models.Model):
    """One task of the runner (bellhop.due), and when it was last done."""

    name = models.CharField(max_length=50, primary_key=True)
    done_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "due work"

    def __str__(self) -> str:
        return f"{self.name} done at {self.done_at:%Y-%m-%d %H:%M:%S}"
