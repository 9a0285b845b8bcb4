"""Preferences, kinds' rules, summaries and what expires: columns and tables.

Each new column has a constant default of the database: added at once, however large the table, and filled in for
programs of the release before.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bellhop', '0004_index_of_unnumbered'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DueWork',
            fields=[
                ('name', models.CharField(max_length=50, primary_key=True, serialize=False)),
                ('done_at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'due work',
            },
        ),
        migrations.CreateModel(
            name='Preferences',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('channels', models.JSONField(blank=True, default=dict, help_text='{"order": {"inbox": true, "toast": false}}')),
                ('muted', models.JSONField(blank=True, default=dict, help_text='Until when, by kind; "*" is every kind: {"order": "2026-11-27T18:00:00+00:00"}')),
                ('quiet_from', models.TimeField(blank=True, null=True)),
                ('quiet_until', models.TimeField(blank=True, null=True)),
                ('time_zone', models.CharField(blank=True, default='', max_length=64)),
            ],
            options={
                'verbose_name_plural': 'preferences',
            },
        ),
        migrations.CreateModel(
            name='Refusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=50)),
                ('count', models.BigIntegerField(default=0)),
                ('latest', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='notification',
            name='desktop',
            field=models.BooleanField(db_default=False, default=False, help_text='Whether the desktop may tell of it, too.'),
        ),
        migrations.AddField(
            model_name='notification',
            name='expires_at',
            field=models.DateTimeField(blank=True, help_text='From then on it is withdrawn; empty: never.', null=True),
        ),
        migrations.AddField(
            model_name='notification',
            name='in_storm',
            field=models.BooleanField(db_default=False, default=False, help_text='It came when more of its kind came than are told: a summary tells of it.'),
        ),
        migrations.AddField(
            model_name='notification',
            name='language',
            field=models.CharField(blank=True, db_default='', default='', help_text="In which its kind's words are made; empty: LANGUAGE_CODE.", max_length=35),
        ),
        migrations.AddField(
            model_name='notification',
            name='summary',
            field=models.UUIDField(blank=True, help_text='The summary that tells of it; empty: none does, or none yet.', null=True),
        ),
        migrations.AddField(
            model_name='notification',
            name='sums_up',
            field=models.PositiveIntegerField(blank=True, help_text='Of a summary: how many it tells of.', null=True),
        ),
        migrations.AddField(
            model_name='notification',
            name='thread',
            field=models.CharField(blank=True, db_default='', default='', help_text='What belongs together, e.g. everything about one order.', max_length=200),
        ),
        migrations.AddField(
            model_name='notification',
            name='toast',
            field=models.BooleanField(db_default=True, default=True, help_text='False: it shall only be listed.'),
        ),
        migrations.AddField(
            model_name='notification',
            name='updated_rev',
            field=models.BigIntegerField(db_default=0, default=0, help_text="The inbox's rev at the last change of what it says; 0: it says what it said first."),
        ),
        migrations.AddField(
            model_name='refusal',
            name='user',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='refusal',
            constraint=models.UniqueConstraint(fields=('user', 'kind'), name='bellhop_one_refusal_per_kind'),
        ),
    ]
