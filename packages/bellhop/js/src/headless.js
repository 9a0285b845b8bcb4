/** For pages that draw their own bell: the document's client, without elements. Its events are told on the document. */
import { clientOfDocument } from "./client/client-of-document.js";

export { STATE } from "./net/connection.js";

/**
 * @param {object} options
 * @param {string} options.api address of the JSON API, e.g. "/notifications/api/"
 * @param {string} [options.socket] path or address of the socket, by default "/ws/notifications/"
 * @param {string} [options.csrfHeader] where it is not "X-CSRFToken"
 * @returns {import("./client/client.js").Client} the document's one client, a bell's too, if there is one
 */
export function bellhop({ api, socket = "/ws/notifications/", csrfHeader }) {
  return clientOfDocument({ api, socket, csrfHeader });
}
