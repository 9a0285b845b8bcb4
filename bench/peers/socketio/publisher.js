// The publisher: Socket.IO's own emitter, which publishes to Redis. The orders are those of bench/publishing/orders.py.
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { Emitter } from "@socket.io/redis-emitter";
import { createClient } from "redis";

const client = createClient({ url: process.env.REDIS_URL });
await client.connect();
const emitter = new Emitter(client);
const SIZE = 100;

function publish(number, user) {
  const message = `bench ${number} ${user} ${process.hrtime.bigint()} `.padEnd(SIZE, ".");
  emitter.to(`user_${user}`).emit("notification", { message });
}

// The same shape of load as bench/publishing/pace.py: message n is due n / rate seconds after the first.
async function publishPaced({ users, rate, count, first }) {
  const began = performance.now() / 1000;
  const passed = () => performance.now() / 1000 - began;
  let sent = 0;
  let late = 0;
  while (sent < count) {
    const now = passed();
    const due = Math.min(count, Math.floor(now * rate) + 1);
    if (sent < due) late = Math.max(late, now - sent / rate);
    for (; sent < due; sent += 1) publish(first + sent, users[sent % users.length]);
    if (sent < count) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(1, (sent / rate - passed()) * 1000)));
    }
  }
  return { sent, seconds: passed(), late };
}

createServer((connection) => {
  const lines = createInterface({ input: connection });
  lines.on("line", async (line) => {
    const before = process.cpuUsage();
    const answer = await publishPaced(JSON.parse(line));
    const used = process.cpuUsage(before);
    answer.cpu = (used.user + used.system) / 1e6;
    connection.write(`${JSON.stringify(answer)}\n`);
  });
  connection.on("error", () => {});
}).listen(9000, "0.0.0.0");
process.on("SIGTERM", () => process.exit(0));
