"""The system checks: what cannot work is refused when a project starts, with the line to write.

Each message has an id that stays (docs/checks.md). Only those tagged `database` connect to one.
`bellhop.checks.running` tries the set-up that runs, for `manage.py bellhop_check`.
"""

from bellhop.checks import (  # noqa: F401 - each registers its checks
    database,
    inbox_page,
    installed,
    kinds,
    logins,
    sessions,
    users,
)
from bellhop.checks.setting import (  # noqa: F401
    bellhop_setting,
    language,
)
