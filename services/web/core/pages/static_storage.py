"""Static files with their hash in the name, imports inside ES modules included."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class StaticStorage(ManifestStaticFilesStorage):
    """Without the aggregation a new page would load old modules: their imports kept the plain names."""

    support_js_module_import_aggregation = True
