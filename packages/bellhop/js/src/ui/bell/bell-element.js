import { clientOfDocument } from "../../client/client-of-document.js";
import { STATE } from "../../net/connection.js";
import { ICONS } from "../icons.js";
import { lines, make, sheet } from "../make.js";
import { THEME } from "../theme.js";
import { toastsOfDocument } from "../toasts/toasts-of-document.js";
import { Status } from "./status.js";
import { STYLE } from "./style.js";
import { showInTitle } from "./title-count.js";
import { badgeText, bellLabel } from "./words.js";

/**
 * `<bellhop-bell>`: the bell with its count and whether the page is live. Attributes: `api`, `socket`, `href`,
 * `csrf-header`, `title-count`. However many there are, and however often they come and go with swaps of the page, the
 * document has one client.
 */
export class BellElement extends HTMLElement {
  #client = null;
  #view = {
    unread: (count) => this.#showUnread(count),
    state: ({ state }) => this.#showState(state),
    ended: () => this.#showUnread(0),
  };
  #link;
  #badge;
  #status;

  connectedCallback() {
    if (this.#link === undefined) this.#build();
    this.#link.setAttribute("href", this.getAttribute("href") ?? "");
    const client = clientOfDocument({
      api: this.getAttribute("api"),
      socket: this.getAttribute("socket"),
      csrfHeader: this.getAttribute("csrf-header"),
    });
    this.#client = client;
    client.attach(this.#view);
    toastsOfDocument(client, this.getAttribute("href"));
    // A clone of a snapshot of the page has the count of another time, or of another person.
    this.#showUnread(client.unread);
    this.#showState(client.state);
    // A page may come by a swap after somebody has signed in or out.
    if (client.state === STATE.SIGNED_OUT) client.refresh();
  }

  disconnectedCallback() {
    this.#client.detach(this.#view);
  }

  #showUnread(count) {
    this.#badge.textContent = badgeText(count);
    this.#badge.hidden = count === 0;
    this.#link.setAttribute("aria-label", bellLabel(count));
    this.setAttribute("unread", String(count));
    if (this.hasAttribute("title-count")) showInTitle(count);
  }

  #showState(state) {
    this.setAttribute("state", state);
    if (state === STATE.SIGNED_OUT && !this.#client.hasEnded) this.#status.hide();
    else this.#status.set(state);
  }

  #build() {
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet(THEME), sheet(STYLE)];
    this.#badge = make("span", { part: "badge", "data-testid": "bell-count", "aria-hidden": "true", hidden: true });
    const icon = make("span", { part: "icon" }, lines(ICONS.bell, 22));
    this.#link = make("a", { part: "bell", "data-testid": "bell" }, icon, this.#badge);
    const word = make("span", { part: "word", "data-word": true }, "Connecting…");
    const status = make(
      "span",
      { part: "status", "data-testid": "connection", "data-state": "connecting", hidden: true },
      make("span", { part: "dot", "aria-hidden": "true" }),
      word,
    );
    this.#status = new Status(status, word);
    root.append(status, this.#link);
  }
}
