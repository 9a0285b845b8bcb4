// Socket.IO 4 with its Redis adapter. Nobody is authenticated: a socket joins the room of the user it names.
// WebSocket only, as all peers; `ws` without compression is Socket.IO's default.
import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-adapter";
import { createClient } from "redis";
import { Server } from "socket.io";

const publisher = createClient({ url: process.env.REDIS_URL });
const subscriber = publisher.duplicate();
await Promise.all([publisher.connect(), subscriber.connect()]);

const http = createServer((request, response) => response.end("ok"));
const io = new Server(http, {
  path: "/ws/",
  transports: ["websocket"],
  adapter: createAdapter(publisher, subscriber),
});
io.on("connection", (socket) => socket.join(`user_${socket.handshake.query.user}`));
http.listen(8001, "0.0.0.0", 4096);
process.on("SIGTERM", () => process.exit(0));
