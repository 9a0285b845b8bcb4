import { clientOfDocument } from "../../client/client-of-document.js";
import { ListSync } from "../../state/list-sync.js";
import { t } from "../../words/gettext.js";
import { showTimesOfDay } from "../../words/ticking-times.js";
import { tellServer, zoneOfViewer } from "../../words/time-zone.js";
import { announcerOfDocument, say } from "../announcer.js";
import { toastsOfDocument } from "../toasts/toasts-of-document.js";
import { followKind } from "./around/kinds.js";
import { correctWhatIsTold } from "./around/told.js";
import { Page } from "./page.js";
import { makeParts } from "./parts.js";

const TIMES_REFRESH_MS = 60_000;

/**
 * `<bellhop-inbox>`: the list of notifications as the server rendered it, kept in step with what happens. It acts for
 * the person it was rendered for, and shows nothing of anybody else's.
 */
export class InboxElement extends HTMLElement {
  #client = null;
  #owner;
  #page;
  #parts;
  #sync;
  #times;
  #hasEnded = false;
  #view = {
    rendered: (key) => (this.#isOf(key) ? this.#sync.seq : Infinity),
    unread: this.#ifOurs((count) => {
      this.#parts.counts.unread(count);
      this.#parts.edges.unread(count);
    }),
    seen: this.#ifOurs((seq) => this.#parts.seen.hear(seq)),
    standing: (standing) => this.#parts.standing.set(standing),
    joined: this.#ifOurs((position) => this.#join(position)),
    ready: this.#ifOurs((frame) => {
      this.#parts.list.endAt(frame.seq);
      this.#parts.edges.endAt(frame.seq);
      this.#sync.ready(frame);
    }),
    beat: this.#ifOurs((frame) => this.#sync.beat(frame)),
    changed: this.#ifOurs((frame) => this.#changed(frame)),
    answered: this.#ifOurs((change, answer) => this.#answered(change, answer)),
    arrived: this.#ifOurs((notification) => this.#arrived(notification)),
    resync: this.#ifOurs(() => this.#sync.refresh()),
    ended: () => this.#end(),
  };

  connectedCallback() {
    const client = clientOfDocument({
      api: this.getAttribute("api"),
      socket: this.getAttribute("socket"),
      csrfHeader: this.getAttribute("csrf-header"),
    });
    this.#client = client;
    announcerOfDocument();
    if (this.#parts === undefined) this.#build(client);
    this.#showTimes();
    this.#times = setInterval(() => this.#showTimes(), TIMES_REFRESH_MS);
    for (const part of [this.#parts.hold, this.#parts.clamp, this.#parts.keys]) part.listen();
    document.addEventListener("visibilitychange", this.#look);
    client.attach(this.#view);
    toastsOfDocument(client, this.dataset.url);
    if (client.standing) this.#parts.standing.set(client.standing);
    this.#look();
    if (client.position === null) return;
    this.#view.joined(client.position);
    // A snapshot of the page of somebody who was here before.
    const isOver = !this.#isOf(client.userKey);
    for (const element of this.querySelectorAll("[data-bellhop-signed-out]")) element.hidden = !isOver;
    if (isOver) this.#end();
  }

  disconnectedCallback() {
    clearInterval(this.#times);
    for (const part of [this.#parts.hold, this.#parts.clamp, this.#parts.keys]) part.unlisten();
    document.removeEventListener("visibilitychange", this.#look);
    this.#parts.seen.stop();
    this.#parts.help.close();
    this.#client.detach(this.#view);
  }

  #build(client) {
    const { bellhopUser, seq, rev, zone } = this.dataset;
    this.#owner = bellhopUser || undefined;
    this.#page = new Page(this.dataset, zoneOfViewer(zone));
    tellServer();
    this.#parts = makeParts(this, this.#page, {
      list: (params) => client.list(params, this.#owner),
      mark: (action, what) => client.mark(action, what, this.#owner),
      markSeen: (upTo) => client.markSeen?.(upTo, this.#owner),
      refresh: () => this.#sync.refresh(),
      isAt: (answer) => this.#sync.isAt(answer),
    });
    const { list, view, counts, bar, older } = this.#parts;
    this.#sync = new ListSync({
      seq: Number(seq),
      rev: Number(rev),
      fetchList: async () => {
        const { held } = list;
        const answer = await view.fetch((params) => client.list(params, this.#owner), held, this.#page.isNewest);
        return { ...answer, asked: new Set(held.map(({ id }) => id)) };
      },
      applyList: ({ asked, ...answer }) => {
        list.reconcile(answer, asked);
        counts.hear(answer.counts);
      },
    });
    this.addEventListener("click", (event) => this.#follow(event));
    bar.takeOver();
    correctWhatIsTold(this, this.#page.zone);
    older.restore();
  }

  /** The page may have come to the front. */
  #look = () => {
    this.#parts.seen.look();
    this.#parts.counts.look();
    if (!document.hidden) this.#showTimes();
  };

  #showTimes() {
    showTimesOfDay(this, Date.now(), this.#page.zone);
  }

  #join(position) {
    if (!this.#hasEnded) this.#sync.joined(position);
    else {
      // The same person again, whose rows were taken away meanwhile.
      this.#hasEnded = false;
      this.#parts.edges.resume();
      this.#sync.refresh();
    }
  }

  #arrived(notification) {
    const { view, list, counts } = this.#parts;
    if (!this.#sync.arrived(notification.seq)) return;
    const isAdmitted = view.admits(notification);
    if (isAdmitted === null) this.#sync.refresh();
    else if (isAdmitted) list.add(notification);
    counts.add("inbox", 1);
    followKind(this, this.#page, notification.kind);
  }

  /** What is not to be applied is in the list already, and in the counts; or both are being fetched. */
  #changed(frame) {
    if (!this.#sync.changed(frame)) return;
    const { counts, list } = this.#parts;
    counts.follow(frame, (id) => list.holds(id), this.#page.view);
    this.#apply(frame);
  }

  #answered(change, answer) {
    if (!this.#sync.answered(answer, change)) return;
    const moved = change.archived ? answer.changed : change.unarchived ? -answer.changed : 0;
    this.#parts.counts.add("inbox", -moved);
    this.#parts.counts.add("archived", moved);
    this.#apply(change);
  }

  #apply(change) {
    if (this.#parts.list.apply(change)) this.#sync.refresh();
  }

  /** The session is over: nothing of this person stays on the screen, and the focus stays where something is. */
  #end() {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const { list, counts, edges, bar, standing, seen, title } = this.#parts;
    const hadFocus = this.contains(document.activeElement);
    list.clear();
    for (const part of [counts, edges]) part.clear();
    for (const part of [bar, standing]) part.hide();
    seen.stop();
    say(t("Your session has ended, so nothing new arrives here."));
    if (hadFocus && !this.contains(document.activeElement)) title?.focus();
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

  #follow(event) {
    const link = event.target.closest("a[data-message][href]");
    const item = link?.closest("[data-id]");
    if (!item) return;
    const { id, read } = item.dataset;
    const notification = { id, url: link.getAttribute("href"), message: link.textContent, read: read === "true" };
    if (!this.#client.follow(notification, this.#owner)) event.preventDefault();
  }
}
