"""Print each of your notifications, once and in order, whatever is restarted meanwhile.

python examples/print_notifications.py http://localhost demo demo
"""

import asyncio
import json
import random
import re
import sys

import httpx
import websockets


async def main(url: str, user: str, password: str) -> None:
    async with httpx.AsyncClient(base_url=url, headers={"Referer": url}, timeout=30) as http:
        form = (await http.get("/accounts/login/")).text
        token = re.findall(r'csrfmiddlewaretoken" value="([^"]+)', form)[0]
        fields = {"login": user, "password": password, "csrfmiddlewaretoken": token}
        await http.post("/accounts/login/", data=fields)
        cookie = {"Cookie": f"sessionid={http.cookies['sessionid']}"}
    address, after = url.replace("http", "ws", 1) + "/ws/notifications/", ""
    while True:
        try:
            async with websockets.connect(
                address + after, origin=websockets.Origin(url), additional_headers=cookie
            ) as socket:
                async for text in socket:
                    frame = json.loads(text)
                    if frame["type"] == "notification" and "seq" in frame:
                        print(frame["seq"], frame["message"], flush=True)
                        after = f"?after={frame['seq']}"
        except (OSError, websockets.WebSocketException):
            pass
        await asyncio.sleep(random.uniform(0.2, 1))  # noqa: S311 - not everyone at once


if len(sys.argv) != 4:
    sys.exit("print_notifications.py URL USER PASSWORD   (needs httpx and websockets)")
asyncio.run(main(*sys.argv[1:4]))
