/**
 * The address of the socket, from what the page says of it.
 * @param {string} given a path ("/ws/notifications/"), a port of the page's own host and a path (":8001/ws/…"), or a
 *   whole address (ws:, wss:, http: or https:)
 * @param {{protocol: string, hostname: string, host: string}} page where the page is from
 * @returns {string} with ws: or wss:
 */
export function socketUrl(given, { protocol, hostname, host }) {
  const scheme = protocol === "https:" ? "wss:" : "ws:";
  if (/^(ws|http)s?:\/\//i.test(given)) return given.replace(/^http/i, "ws");
  if (/^:\d+/.test(given)) return `${scheme}//${hostname}${given}`;
  return `${scheme}//${host}${given.startsWith("/") ? "" : "/"}${given}`;
}
