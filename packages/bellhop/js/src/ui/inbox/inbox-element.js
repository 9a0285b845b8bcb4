import { clientOfDocument } from "../../client/client-of-document.js";
import { ListSync } from "../../state/list-sync.js";
import { showTimes } from "../../words/ticking-times.js";
import { toastsOfDocument } from "../toasts/toasts-of-document.js";
import { List } from "./list.js";
import { interceptForms } from "./mark-forms.js";

const TIMES_REFRESH_MS = 60_000;

/**
 * `<bellhop-inbox>`: the list of notifications as the server rendered it, kept in step with what happens. It acts for
 * the person it was rendered for, and shows nothing of anybody else's.
 */
export class InboxElement extends HTMLElement {
  #client = null;
  #owner;
  #list;
  #sync;
  #times;
  #view = {
    rendered: (key) => (this.#isOf(key) ? this.#sync.seq : Infinity),
    unread: this.#ifOurs((count) => this.#list.showUnread(count)),
    joined: this.#ifOurs((position) => this.#sync.joined(position)),
    ready: this.#ifOurs((frame) => {
      this.#list.endAt(frame.seq);
      this.#sync.ready(frame);
    }),
    beat: this.#ifOurs((frame) => this.#sync.beat(frame)),
    changed: this.#ifOurs((frame) => this.#sync.changed(frame) && this.#list.apply(frame)),
    answered: this.#ifOurs((change, answer) => this.#sync.answered(answer) && this.#list.apply(change)),
    arrived: this.#ifOurs((notification) => this.#sync.arrived(notification.seq) && this.#list.add(notification)),
    resync: this.#ifOurs(() => this.#sync.refresh()),
  };

  connectedCallback() {
    const { bellhopUser, seq, rev } = this.dataset;
    this.#owner = bellhopUser || undefined;
    const client = clientOfDocument({
      api: this.getAttribute("api"),
      socket: this.getAttribute("socket"),
      csrfHeader: this.getAttribute("csrf-header"),
    });
    this.#client = client;
    if (this.#list === undefined) {
      this.#list = new List(this);
      this.#sync = new ListSync({
        seq: Number(seq),
        rev: Number(rev),
        fetchList: () => client.list(this.#list.query(), this.#owner),
        applyList: (answer) => this.#list.reconcile(answer),
      });
      this.#listen(client);
    }
    showTimes(this);
    this.#times = setInterval(() => showTimes(this), TIMES_REFRESH_MS);
    client.attach(this.#view);
    toastsOfDocument(client, this.dataset.url);
    if (client.position === null) return;
    this.#view.joined(client.position);
    // A snapshot of the page of somebody who was here before.
    const isOver = !this.#isOf(client.userKey);
    for (const element of this.querySelectorAll("[data-bellhop-signed-out]")) element.hidden = !isOver;
  }

  disconnectedCallback() {
    clearInterval(this.#times);
    this.#client.detach(this.#view);
  }

  #isOf(key) {
    return this.#owner === undefined || this.#owner === key;
  }

  /** What is told of somebody else is nothing to this list. */
  #ifOurs(handle) {
    return (...told) => {
      if (this.#isOf(this.#client.userKey)) handle(...told);
    };
  }

  #listen(client) {
    interceptForms(this, {
      mark: (action, what) => client.mark(action, what, this.#owner),
      failed: (error) => client.tellFailure(error),
    });
    this.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-message][href]");
      const item = link?.closest("[data-id]");
      if (!item) return;
      const { id, read } = item.dataset;
      const notification = { id, url: link.getAttribute("href"), message: link.textContent, read: read === "true" };
      if (!client.follow(notification, this.#owner)) event.preventDefault();
    });
  }
}
