from channels.generic.websocket import AsyncWebsocketConsumer


class EchoConsumer(AsyncWebsocketConsumer):
    """Says what it hears, to everybody in the room and by the name of who said it."""

    groups = ["room"]

    async def receive(self, text_data=None, bytes_data=None):
        text = f"{self.scope['user']}: {text_data}"
        await self.channel_layer.group_send("room", {"type": "echo", "text": text})

    async def echo(self, event):
        await self.send(text_data=event["text"])
