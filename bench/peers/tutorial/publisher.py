"""The tutorial version's publisher: its own layer's group_send, and a row with a task for each notification."""

import asyncio
import time

import django

django.setup()

from channels.layers import get_channel_layer  # noqa: E402
from django.db import connections  # noqa: E402
from notifications.models import Notification  # noqa: E402
from notifications.tasks import send_notification  # noqa: E402
from publishing import orders, pace, stamps  # noqa: E402

AT_ONCE = 32
"""group_send calls in flight: each is four round trips, so that one after another would be the bottleneck."""


async def publish(order: orders.Order) -> orders.Order:
    layer, room, tasks = get_channel_layer(), asyncio.Semaphore(AT_ONCE), set()
    began = time.monotonic()

    async def send(number: int, user: int) -> None:
        async with room:
            message = stamps.write(number, user, time.monotonic_ns())
            event = {"type": "send.notification", "message": message}
            await layer.group_send(f"notifications_{user}", event)

    def start(number: int, user: int) -> None:
        task = asyncio.create_task(send(number, user))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    answer = await pace.publish_paced(order, start)
    if tasks:
        await asyncio.gather(*tasks)
    return {**answer, "seconds": time.monotonic() - began}


def save_and_ring(number: int, user: int) -> None:
    save(user, stamps.write(number, user, time.monotonic_ns()))


def save(user: int, message: str) -> None:
    row = Notification.objects.create(user_id=user, message=message)
    send_notification.delay(row.pk)


async def notify(order: orders.Order) -> orders.Order:
    return await asyncio.to_thread(pace.notify_paced, order, save_and_ring, connections.close_all)


def broadcast_now(order: orders.Order) -> orders.Order:
    message = stamps.write(order["first"], stamps.EVERYONE, time.monotonic_ns())
    for user in order["users"]:
        save(user, message)
    return {"sent": len(order["users"])}


async def broadcast(order: orders.Order) -> orders.Order:
    return await asyncio.to_thread(broadcast_now, order)


if __name__ == "__main__":
    asyncio.run(orders.serve({"publish": publish, "notify": notify, "broadcast": broadcast}))
