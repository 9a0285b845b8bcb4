from bellhop.kinds import Kind, register

register(Kind("order", label="Orders", icon="pages/parcel.svg"))
register(Kind("alarm", label="Alarms", importance="high", can_be_muted=False))
register(Kind("call", label="Calls", channels=("inbox", "toast", "desktop")))
