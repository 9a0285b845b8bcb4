import { STATE } from "../net/connection.js";
import { announce } from "./announce.js";
import { Identity, owner, seqOfUnmarkedPage, summaryOfPage } from "./identity.js";
import { Person } from "./person.js";
import { isOver } from "./requests.js";
import { Standing } from "./standing.js";

/** Milliseconds between two looks whether somebody has signed in, however often the tab comes to the front. */
const LOOK_AGAIN_MS = 60_000;

/** Milliseconds after which a session is asked for again that the API has denied and whose socket is open. */
const DOUBT_MS = 3_000;

/** Whoever is signed in with this browser, one after the other, and how their connection stands. */
export class Session {
  #api;
  #host;
  #state = STATE.CLOSED;
  #standing;
  #person = null;
  #next = null; // the summary of somebody else, who has signed in with this browser
  #wasSignedIn = false;
  #isInDoubt = false;
  #hasBegun = false;
  #unmarked = Infinity; // up to where the page shows everything, until its session has a mark
  #identity;

  /**
   * @param {import("../net/api.js").Api} api
   * @param {object} host
   * @param {string} host.socketUrl
   * @param {(name: string, ...what: object[]) => void} host.tell tells the views
   * @param {() => object[]} host.told what the views show as toasts
   * @param {(key: string, seq: number) => number} host.rendered up to which seq the views show that person's, at most seq
   * @param {(params: object, key: string) => Promise<object>} host.list as Api.list
   * @param {import("./desktop-notifications.js").DesktopNotifications} host.desktop
   */
  constructor(api, host) {
    this.#api = api;
    this.#host = host;
    this.#standing = new Standing((standing) => host.tell("standing", standing));
    this.#identity = new Identity(() => api.summary(), {
      asks: () => this.#state === STATE.SIGNED_OUT || this.#setState({ state: STATE.CONNECTING }),
      found: (summary) => this.#begin(summary),
      nobody: () => this.end(),
      unknown: () => this.#setState({ state: navigator.onLine ? STATE.WAITING : STATE.OFFLINE }),
    });
  }

  /** One of STATE: of the socket, or, where nobody is signed in, SIGNED_OUT. */
  get state() {
    return this.#state;
  }

  get standing() {
    return this.#standing.now;
  }

  /** @returns {Person | null} whoever is signed in, as far as it is known */
  get person() {
    return this.#person;
  }

  /** Whether somebody's session has ended in this document: not the same as nobody having been there. */
  get hasEnded() {
    return this.#state === STATE.SIGNED_OUT && this.#wasSignedIn;
  }

  /** Goes on after stop(), or finds out who is signed in: of the page itself, or else of the API. */
  start() {
    if (this.#state !== STATE.CLOSED) return;
    if (this.#person !== null) {
      this.#person.start();
      return;
    }
    const told = this.#hasBegun ? null : summaryOfPage();
    if (!this.#hasBegun) this.#unmarked = seqOfUnmarkedPage();
    this.#hasBegun = true;
    if (told === null) this.#identity.ask();
    else this.#begin(told);
  }

  /** Lets go of the socket, and asks nothing. */
  stop() {
    this.#identity.forget();
    this.#person?.stop();
    this.#setState({ state: STATE.CLOSED });
  }

  /** Asks who is signed in: after a sign-in or sign-out without a new page. Never rejects. */
  async refresh() {
    const person = this.#person;
    if (person === null) {
      await this.#identity.ask();
      return;
    }
    try {
      const answer = await this.#api.summary();
      if (person !== this.#person) return;
      if (answer.user_key === person.key) person.heard(answer);
      else this.end(answer);
    } catch (error) {
      if (person === this.#person && isOver(error)) this.end();
    }
  }

  /**
   * The API knows of no session. While the socket is open, which closes when a session ends, it is asked again: while
   * replicas with another SECRET_KEY take over from each other, one may know a session by then that the other does not.
   */
  async doubt() {
    if (this.#state !== STATE.OPEN) this.end();
    else if (!this.#isInDoubt) {
      const person = this.#person;
      this.#isInDoubt = true;
      await new Promise((resolve) => setTimeout(resolve, DOUBT_MS));
      this.#isInDoubt = false;
      if (person === this.#person && this.#state !== STATE.CLOSED) await this.refresh();
    }
  }

  /** The tab came to the front, or the network is back. */
  wake() {
    if (this.#person !== null) this.#person.wake();
    else if (this.#identity.isDue) this.#identity.ask();
    else if (this.#state === STATE.SIGNED_OUT && this.#identity.age > LOOK_AGAIN_MS) this.#identity.ask();
  }

  /** The tab came to the front, or into use, or went to the back. */
  look() {
    if (this.#state !== STATE.CLOSED) this.#person?.look();
  }

  networkChanged() {
    if (this.#person !== null) this.#person.networkChanged();
    else if (navigator.onLine) this.wake();
    else if (this.#state === STATE.WAITING) this.#setState({ state: STATE.OFFLINE });
  }

  /** Somebody is signed in, as this summary says. */
  #begin(summary) {
    const { user_key: key, seq } = summary;
    const since = Math.min(summary.since ?? seq, this.#unmarked);
    this.#unmarked = Infinity;
    const renderedFor = owner();
    if (renderedFor !== undefined && renderedFor !== key) {
      // A page of somebody else's: nothing of this person may appear on it.
      this.end();
      return;
    }
    this.#wasSignedIn = true;
    this.#next = null;
    // Another tab may have shown something since this page was rendered: its list must hear of it all the same.
    const person = new Person({ ...summary, since }, this.#host.rendered(key, seq), this.#host.socketUrl, {
      tell: this.#host.tell,
      told: this.#host.told,
      state: (change) => this.#setState(change),
      heard: () => this.#standing.heard(),
      over: () => this.end(this.#next),
      list: (params) => this.#host.list(params, key),
      checkSession: () => this.#checkSession(key),
      desktop: this.#host.desktop,
    });
    this.#person = person;
    this.#host.tell("unread", person.unread);
    this.#host.tell("seen", person.seen);
    announce("unread", { unread: person.unread, seen: person.seen });
    this.#host.tell("joined", { seq: person.position.seq, rev: 0 });
    person.start();
  }

  /** @returns {Promise<number>} as Connection asks for it: whether this person is still signed in */
  async #checkSession(key) {
    try {
      const answer = await this.#api.summary();
      if (answer.user_key === key) return 200;
      this.#next = answer;
      return 401;
    } catch (error) {
      return error.status ?? 0;
    }
  }

  /** The session is over, or somebody else's (`next`, a summary): nothing of it goes on. */
  end(next = null) {
    this.#identity.forget();
    const person = this.#person;
    this.#person = null;
    this.#wasSignedIn ||= owner() !== undefined;
    person?.end();
    this.#setState({ state: STATE.SIGNED_OUT });
    this.#host.tell("ended");
    announce("unread", { unread: 0, seen: 0 });
    if (next !== null) this.#begin(next);
    // Somebody was there: it may be that somebody else is now.
    else if (person !== null && owner() === undefined) this.#identity.ask();
  }

  #setState({ state, ...why }) {
    const previous = this.#state;
    if (state === previous) return;
    this.#state = state;
    this.#host.tell("state", { state, previous, ...why });
    this.#standing.set(state);
    announce("state", { state, previous });
  }
}
