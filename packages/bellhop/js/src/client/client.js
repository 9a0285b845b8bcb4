import { logFailure } from "../words/console-log.js";
import { Api, ApiError, OTHER_USER } from "../net/api.js";
import { STATE } from "../net/connection.js";
import { announce } from "./announce.js";
import { DesktopNotifications } from "./desktop-notifications.js";
import { tokenOfPage } from "./identity.js";
import { Requests, isOver } from "./requests.js";
import { Session } from "./session.js";

/**
 * The notifications of whoever is signed in with this browser. It shows nothing: views do.
 *
 * A view is an object with any of these methods: `state(change)` · `standing({state, since})`, see Standing ·
 * `unread(count)` · `seen(seq)` · `desktop(state)` · `ended()`: the session is over, or somebody else's ·
 * `toast(notification)`, in the tab in front alone · `more(notifications)`: those that get none, see ToastQueue ·
 * `told()`: the notifications that it shows as toasts, or counts · `forget(isMeant)` · `reword(notifications)`: says what
 * these say, where it shows them as toasts · `notice(error)` · and for lists `rendered(key)`: up to which seq it shows
 * that person's · `ready({...frame, told})`, see ListSync, `beat(frame)`, `changed(frame)`, `arrived(notification)`,
 * `joined({seq, rev})`: up to where frames were delivered already, `answered(change, answer)`: a request of any tab of this
 * browser was, and `resync()`.
 */
export class Client {
  #requests;
  #views = new Set();
  #session;

  /**
   * @param {object} options
   * @param {string} options.api address of the JSON API
   * @param {string} options.socketUrl ws: or wss:
   * @param {string} [options.csrfHeader]
   */
  constructor({ api: base, socketUrl, csrfHeader }) {
    const api = new Api({ base, csrfHeader });
    // Until the summary has come with one, where that is asked for.
    api.csrfToken = tokenOfPage();
    const tell = (...what) => this.#tell(...what);
    /** Those of the desktop: whether they are on, and the way to switch them. */
    this.desktop = new DesktopNotifications({
      follow: (notification) => this.follow(notification),
      changed: (state) => tell("desktop", state),
    });
    this.#session = new Session(api, {
      socketUrl,
      tell,
      told: () => [...this.#views].flatMap((view) => view.told?.() ?? []),
      rendered: (key, seq) => Math.min(seq, ...[...this.#views].map((view) => view.rendered?.(key) ?? seq)),
      list: (params, key) => this.list(params, key),
      desktop: this.desktop,
    });
    this.#requests = new Requests(
      api,
      (key) => (key !== null && key === this.userKey ? this.#session.person : null),
      ({ status }) => (status === OTHER_USER ? this.#session.end() : this.#session.doubt()),
    );
  }

  /** One of STATE: of the socket, or, where nobody is signed in, SIGNED_OUT. */
  get state() {
    return this.#session.state;
  }

  /** The same for people, and up to when what is shown was known to be current: see Standing. */
  get standing() {
    return this.#session.standing;
  }

  /** Unread notifications; 0 where nobody is signed in. */
  get unread() {
    return this.#session.person?.unread ?? 0;
  }

  /** The highest seq that the person has seen, on whichever device. */
  get seen() {
    return this.#session.person?.seen ?? 0;
  }

  /** Who is signed in, as an opaque key; null where nobody is, or it is not known yet. */
  get userKey() {
    return this.#session.person?.key ?? null;
  }

  /** Whether somebody's session has ended in this document: not the same as nobody having been there. */
  get hasEnded() {
    return this.#session.hasEnded;
  }

  /** Up to where notifications were delivered, and changes are known; null where nobody is signed in. */
  get position() {
    return this.#session.person?.position ?? null;
  }

  attach(view) {
    this.#views.add(view);
  }

  detach(view) {
    this.#views.delete(view);
  }

  /** Goes on after stop(), or finds out who is signed in: of the page itself, or else of the API. */
  start() {
    this.#session.start();
  }

  /** Lets go of the socket, and asks nothing. */
  stop() {
    this.#session.stop();
  }

  /** Asks who is signed in: after a sign-in or sign-out without a new page. Never rejects. */
  refresh() {
    return this.#session.refresh();
  }

  /** The tab came to the front, or the network is back. */
  wake() {
    this.#session.wake();
  }

  /** The tab came to the front, or into use, or went to the back. */
  look() {
    this.desktop.look();
    this.#session.look();
  }

  /** The page is about to be left by a form. */
  hold() {
    this.#session.person?.hold();
  }

  networkChanged() {
    this.#session.networkChanged();
  }

  /** As Api.list, of whoever is signed in, or of `as`. Rejects with ApiError, as all of these. */
  list(params, as = this.userKey) {
    return this.#requests.list(params, as);
  }

  /** As Api.mark; every view of every tab shows the change. */
  mark(action, what, as = this.userKey) {
    return this.#requests.mark(action, what, as);
  }

  /** As Api.markSeen, where that is news; rejects while the client is stopped, which asks nothing. */
  async markSeen(seq, as = this.userKey) {
    if (this.state === STATE.CLOSED) throw new ApiError(0, "stopped");
    return this.#requests.markSeen(seq, as);
  }

  preferences(as = this.userKey) {
    return this.#requests.preferences(as);
  }

  setPreferences(changes, as = this.userKey) {
    return this.#requests.setPreferences(changes, as);
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

  #tell(name, ...what) {
    for (const view of [...this.#views]) view[name]?.(...what);
  }
}
