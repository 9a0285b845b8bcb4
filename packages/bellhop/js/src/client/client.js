import { logFailure } from "../words/console-log.js";
import { Api, OTHER_USER } from "../net/api.js";
import { STATE } from "../net/connection.js";
import { ReconnectBackoff } from "../net/reconnect-backoff.js";
import { marksOf } from "../state/remember-shown.js";
import { announce } from "./announce.js";
import { Person } from "./person.js";

/** Milliseconds between two looks whether somebody has signed in, however often the tab comes to the front. */
const LOOK_AGAIN_MS = 60_000;

/** The field of a `state` frame that says the same as this action of the API. */
const CHANGED = { read: "read", unread: "unread_ids", archive: "archived" };

/** Whether this answer of the API says that the session is over, or somebody else's. */
const isOver = ({ status }) => status === 401 || status === OTHER_USER;

/** For whom the server rendered this document; undefined where it does not say. */
const owner = () => document.querySelector("[data-bellhop-user]")?.dataset.bellhopUser || undefined;

/**
 * The notifications of whoever is signed in with this browser. It shows nothing: views do.
 *
 * A view is an object with any of these methods: `state(change)` · `unread(count)` · `ended()`: the session is over, or
 * somebody else's · `toast(notification)` · `more(notifications)`: those that get none, see ToastQueue · `told()`: the
 * notifications that it shows as toasts, or counts · `forget(isMeant)` · `reword(notifications)`: says what these say,
 * where it shows them as toasts · `notice(error)` · and for lists
 * `rendered(key)`: up to which seq it shows that person's · `ready(frame)`, `beat(frame)`, `changed(frame)`,
 * `answered(change, answer)`, `arrived(notification)`, `joined({seq, rev})`: up to where frames were delivered already,
 * and `resync()`.
 */
export class Client {
  #api;
  #socketUrl;
  #views = new Set();
  #state = STATE.CLOSED;
  #person = null;
  #wasSignedIn = false;
  #asked = 0; // number of the last question who is signed in: answers to earlier ones are ignored
  #askedAt = -Infinity;
  #backoff = new ReconnectBackoff();
  #retry = null;
  // Whose marks they are is known only when the server has said who is signed in; what another tab shows until then is
  // news to this one.
  #marks = marksOf(() => window.localStorage);

  /**
   * @param {object} options
   * @param {string} options.api address of the JSON API
   * @param {string} options.socketUrl ws: or wss:
   * @param {string} [options.csrfHeader]
   */
  constructor({ api, socketUrl, csrfHeader }) {
    this.#api = new Api({ base: api, csrfHeader });
    this.#socketUrl = socketUrl;
  }

  /** One of STATE: of the socket, or, where nobody is signed in, SIGNED_OUT. */
  get state() {
    return this.#state;
  }

  /** Unread notifications; 0 where nobody is signed in. */
  get unread() {
    return this.#person?.unread ?? 0;
  }

  /** Who is signed in, as an opaque key; null where nobody is, or it is not known yet. */
  get userKey() {
    return this.#person?.key ?? null;
  }

  /** Whether somebody's session has ended in this document: not the same as nobody having been there. */
  get hasEnded() {
    return this.#state === STATE.SIGNED_OUT && this.#wasSignedIn;
  }

  /** Up to where notifications were delivered, and changes are known; null where nobody is signed in. */
  get position() {
    return this.#person?.position ?? null;
  }

  attach(view) {
    this.#views.add(view);
  }

  detach(view) {
    this.#views.delete(view);
  }

  /** Goes on after stop(), or asks who is signed in. */
  start() {
    if (this.#state !== STATE.CLOSED) return;
    if (this.#person === null) this.#identify();
    else this.#person.start();
  }

  /** Lets go of the socket, and asks nothing. */
  stop() {
    this.#forgetQuestion();
    this.#person?.stop();
    this.#setState({ state: STATE.CLOSED });
  }

  /** Asks who is signed in: after a sign-in or sign-out without a new page. Never rejects. */
  async refresh() {
    const person = this.#person;
    if (person === null) {
      await this.#identify();
      return;
    }
    try {
      const answer = await this.#api.summary();
      if (person !== this.#person) return;
      if (answer.user_key === person.key) person.heard(answer);
      else this.#end(answer);
    } catch (error) {
      if (person === this.#person && isOver(error)) this.#end();
    }
  }

  /** The tab came to the front, or the network is back. */
  wake() {
    if (this.#person !== null) this.#person.wake();
    else if (this.#retry !== null) this.#identify();
    else if (this.#state === STATE.SIGNED_OUT && Date.now() - this.#askedAt > LOOK_AGAIN_MS) this.#identify();
  }

  /** The page is about to be left by a form. */
  hold() {
    this.#person?.hold();
  }

  networkChanged() {
    if (this.#person !== null) this.#person.networkChanged();
    else if (navigator.onLine) this.wake();
    else if (this.#state === STATE.WAITING) this.#setState({ state: STATE.OFFLINE });
  }

  /** As Api.list: some notifications of whoever is signed in, or of `as`. Rejects with ApiError. */
  async list(params, as = this.userKey) {
    const answer = await this.#watched(as, this.#api.list(params, as));
    if (as === this.userKey) this.#person?.heard(answer);
    return answer;
  }

  /**
   * As Api.mark, for whoever is signed in, or for `as` alone; every view shows the change. Rejects with ApiError.
   * @param {"read" | "unread" | "archive"} action
   * @param {{ids: string[]} | {through: number}} what
   */
  async mark(action, what, as = this.userKey) {
    const answer = await this.#watched(as, this.#api.mark(action, what, as));
    if (as === this.userKey) this.#person?.changed(what.ids ? { [CHANGED[action]]: what.ids } : what, answer);
    return answer;
  }

  /**
   * The link of a notification is followed, which reads it.
   * @returns {boolean} false: the page's own script goes there, the browser must not
   */
  follow(notification, as = this.userKey) {
    const { id, url, read } = notification;
    const goes = announce("open", { id, url, notification }, { cancelable: true });
    // The link itself works: a failure is not worth a toast.
    if (id && !read) this.mark("read", { ids: [id] }, as).catch((error) => logFailure("could not mark as read", error));
    return goes;
  }

  /** Tells a person that a request of theirs has failed, unless their session is over, which is told anyway. */
  tellFailure(error) {
    logFailure("request failed", error);
    if (!isOver(error)) this.#tell("notice", error);
  }

  async #watched(as, request) {
    try {
      return await request;
    } catch (error) {
      if (isOver(error) && this.#person !== null && as === this.#person.key) this.#end();
      throw error;
    }
  }

  async #identify() {
    this.#forgetQuestion();
    const question = this.#asked;
    this.#askedAt = Date.now();
    if (this.#state !== STATE.SIGNED_OUT) this.#setState({ state: STATE.CONNECTING });
    let answer;
    try {
      answer = await this.#api.summary();
    } catch (error) {
      if (question === this.#asked) this.#failed(error);
      return;
    }
    if (question === this.#asked) this.#begin(answer);
  }

  #failed(error) {
    if (error.status === 401) {
      this.#end();
      return;
    }
    logFailure("could not ask who is signed in", error);
    this.#retry = setTimeout(() => this.#identify(), this.#backoff.next());
    this.#setState({ state: navigator.onLine ? STATE.WAITING : STATE.OFFLINE });
  }

  #forgetQuestion() {
    this.#asked += 1;
    clearTimeout(this.#retry);
    this.#retry = null;
  }

  /** Somebody is signed in, as this summary says. */
  #begin(summary) {
    const { user_key: key, seq } = summary;
    const renderedFor = owner();
    if (renderedFor !== undefined && renderedFor !== key) {
      // A page of somebody else's: nothing of this person may appear on it.
      this.#end();
      return;
    }
    this.#backoff.reset();
    this.#wasSignedIn = true;
    // Another tab may have shown something since this page was rendered: its list must hear of it all the same.
    const rendered = Math.min(seq, ...[...this.#views].map((view) => view.rendered?.(key) ?? seq));
    const shown = this.#marks === null ? Infinity : (this.#marks.get(key) ?? 0);
    this.#marks = null;
    let next = null;
    const person = new Person(summary, { rendered, shown }, this.#socketUrl, {
      tell: (...what) => this.#tell(...what),
      told: () => [...this.#views].flatMap((view) => view.told?.() ?? []),
      state: (change) => this.#setState(change),
      over: () => this.#end(next),
      list: (params) => this.list(params, key),
      checkSession: async () => {
        try {
          const answer = await this.#api.summary();
          if (answer.user_key === key) return 200;
          next = answer;
          return 401;
        } catch (error) {
          return error.status ?? 0;
        }
      },
    });
    this.#person = person;
    this.#tell("unread", person.unread);
    announce("unread", { unread: person.unread });
    this.#tell("joined", { seq: person.position.seq, rev: 0 });
    person.start();
  }

  /** The session is over, or somebody else's (`next`, a summary): nothing of it goes on. */
  #end(next = null) {
    this.#forgetQuestion();
    const person = this.#person;
    this.#person = null;
    this.#wasSignedIn ||= owner() !== undefined;
    person?.end();
    this.#setState({ state: STATE.SIGNED_OUT });
    this.#tell("ended");
    announce("unread", { unread: 0 });
    if (next !== null) this.#begin(next);
    // Somebody was there: it may be that somebody else is now.
    else if (person !== null && owner() === undefined) this.#identify();
  }

  #setState({ state, ...why }) {
    const previous = this.#state;
    if (state === previous) return;
    this.#state = state;
    this.#tell("state", { state, previous, ...why });
    announce("state", { state, previous });
  }

  #tell(name, ...what) {
    for (const view of [...this.#views]) view[name]?.(...what);
  }
}
