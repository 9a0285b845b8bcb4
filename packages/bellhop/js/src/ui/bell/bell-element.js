import { clientOfDocument } from "../../client/client-of-document.js";
import { STATE } from "../../net/connection.js";
import { t } from "../../words/gettext.js";
import { announcerOfDocument } from "../announcer.js";
import { ICONS } from "../icons.js";
import { lines, make, sheet } from "../make.js";
import { THEME } from "../theme.js";
import { toastsOfDocument } from "../toasts/toasts-of-document.js";
import { showOnApp } from "./app-badge.js";
import { Door } from "./door.js";
import { Status } from "./status.js";
import { STYLE } from "./style.js";
import { showInTitle } from "./title-count.js";
import { badgeText, bellLabel } from "./words.js";

/**
 * `<bellhop-bell>`: the bell with its count, the panel behind it, and whether the page is live. Attributes: `api`,
 * `socket`, `href`, `preferences`, `panel`, `csrf-header`, `title-count`. However many there are, and however often they
 * come and go with swaps of the page, the document has one client.
 */
export class BellElement extends HTMLElement {
  #client = null;
  #view = {
    unread: () => this.#showCount(),
    seen: () => this.#showCount(),
    arrived: () => this.#showCount(),
    ready: () => this.#showCount(),
    state: ({ state }) => this.#showState(state),
    ended: () => this.#showCount(),
  };
  #button;
  #badge;
  #status;
  #door;

  connectedCallback() {
    if (this.#button === undefined) this.#build();
    const client = clientOfDocument({
      api: this.getAttribute("api"),
      socket: this.getAttribute("socket"),
      csrfHeader: this.getAttribute("csrf-header"),
    });
    this.#client = client;
    this.#door.of(client);
    client.attach(this.#view);
    announcerOfDocument();
    toastsOfDocument(client, this.getAttribute("href"));
    // A clone of a snapshot of the page has the count of another time, or of another person.
    this.#showCount();
    this.#showState(client.state);
    // A page may come by a swap after somebody has signed in or out.
    if (client.state === STATE.SIGNED_OUT) client.refresh();
  }

  disconnectedCallback() {
    this.#client.detach(this.#view);
    this.#door.close();
  }

  /** The number is that of the unread; it is loud while the newest of them came after the last look at them. */
  #showCount() {
    const { unread: count, position, seen } = this.#client;
    const isLoud = count > 0 && (position?.seq ?? 0) > (seen ?? 0);
    this.#badge.textContent = badgeText(count);
    this.#badge.hidden = count === 0;
    this.#badge.dataset.loud = String(isLoud);
    this.#button.setAttribute("aria-label", bellLabel(count, isLoud));
    this.setAttribute("unread", String(count));
    this.setAttribute("loud", String(isLoud));
    if (!this.hasAttribute("title-count")) return;
    showInTitle(count);
    showOnApp(count);
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
    const says = { "aria-haspopup": "dialog", "aria-expanded": "false" };
    this.#button = make("button", { part: "bell", type: "button", "data-testid": "bell", ...says }, icon, this.#badge);
    const word = make("span", { part: "word", "data-word": true }, t("Connecting…"));
    const status = make(
      "span",
      { part: "status", "data-testid": "connection", "data-state": "connecting", hidden: true },
      make("span", { part: "dot", "aria-hidden": "true" }),
      word,
    );
    this.#status = new Status(status, word);
    this.#door = new Door({ host: this, root, button: this.#button });
    root.append(status, this.#button);
  }
}
