from bellhop.kinds import Kind, register

register(
    Kind(
        "order",
        label="Orders",
        icon="core/parcel.svg",
        message="Order {{ number }} is {{ state }}",
        body="{{ items }} item{{ items|pluralize }}{% if carrier %}, with {{ carrier }}{% endif %}",
        thread="order {{ number }}",
    )
)
register(
    Kind(
        "recall",
        label="Product recalls",
        message="Please bring back {{ product }}",
        importance="high",
        can_be_muted=False,
    )
)
