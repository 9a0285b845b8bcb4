import { Connection, STATE } from "./connection.js";
import { FRAME } from "./contract.js";
import { ownTimers } from "./own-timers.js";
import { Leadership } from "./tabs/leadership.js";
import { TabChannel } from "./tabs/tab-channel.js";
import { TabDelivery } from "./tabs/tab-delivery.js";

/** Milliseconds after which a tab that was not answered asks again, and more than its due that it waits for an attempt. */
const ASK_AGAIN_MS = 2_000;
const LATE_MS = 200;

/**
 * A Connection that all tabs of one person in this browser share: one of them holds the socket (Leadership) and tells the
 * others every frame. Each keeps its own cursor, by which it takes over where that tab is gone, and asks for what it has
 * missed. Where Web Locks or BroadcastChannel are missing each has a Connection.
 *
 * Promises and events are those of Connection, for each tab; also `told` {…}: what another tab has said by tell().
 */
export class SharedConnection extends EventTarget {
  #options;
  #key;
  #browser;
  #isInFront;
  #timers;
  #delivery;
  #state = STATE.CLOSED;
  #connection = null; // while this tab holds the socket
  #channel = null;
  #leadership = null;
  #me;
  #asked = null; // timer: until then an answer is to be expected
  #dueTimer = null;

  /**
   * @param {object} options as of Connection, `rev` always, and
   * @param {string} options.key of the person, in the names by which their tabs find each other
   * @param {{locks?: LockManager, BroadcastChannel?: typeof BroadcastChannel}} options.browser
   * @param {() => boolean} options.isInFront whether this tab is to be seen: its timers keep time
   */
  constructor({ key, browser, isInFront, ...options }) {
    super();
    const { after = 0, rev, timers = ownTimers, random = Math.random } = options;
    Object.assign(options, { timers, random });
    this.#options = options;
    this.#key = key;
    this.#browser = browser;
    this.#isInFront = isInFront;
    this.#timers = timers;
    this.#delivery = new TabDelivery(
      { seq: after, rev },
      (name, detail) => this.#emit(name, detail),
      () => this.#asked ?? this.#ask(),
    );
    this.#me = random().toString(36).slice(2);
  }

  get state() {
    return this.#state;
  }

  /** Highest seq delivered to this tab. */
  get cursor() {
    return this.#delivery.position.seq;
  }

  /** Up to which changes were told to this tab. Of those up to a `ready` of a higher rev it is told next. */
  get told() {
    return this.#delivery.position.rev;
  }

  /** Whether this tab holds the socket. */
  get isHolder() {
    return this.#connection !== null;
  }

  start() {
    if (this.#state !== STATE.CLOSED && this.#state !== STATE.SIGNED_OUT) return;
    this.#leave();
    this.#channel = new TabChannel(this.#browser.BroadcastChannel, `bellhop:1:${this.#key}`, (said) => this.#hear(said));
    this.#setState({ state: STATE.CONNECTING });
    if (this.#browser.locks === undefined || !this.#channel.isOpen) {
      this.#lead();
      return;
    }
    this.#leadership = new Leadership({
      locks: this.#browser.locks,
      name: `bellhop:1:socket:${this.#key}`,
      timers: this.#timers,
      random: this.#options.random,
      on: {
        leads: () => this.#lead(),
        follows: () => this.#follow(),
        alone: () => this.#lead(),
        ask: () => this.#ask(),
        alive: () => this.#channel.say({ type: "alive" }),
      },
    });
    this.#leadership.start();
    this.#follow();
  }

  stop() {
    this.#leave();
    this.#setState({ state: STATE.CLOSED });
  }

  /** As Connection.wake: of the tab that holds the socket. */
  wake() {
    if (this.#connection !== null) this.#connection.wake();
    else this.#channel?.say({ type: "wake" });
  }

  /** As Connection.networkChanged; the tab that holds the socket hears that by itself. */
  networkChanged() {
    this.#connection?.networkChanged();
  }

  /** Tells the other tabs of this person in this browser, each of which hears it as `told`. */
  tell(what) {
    this.#channel?.say({ type: "told", what });
  }

  get #isShared() {
    return this.#leadership !== null && this.#leadership.isMine;
  }

  #lead() {
    if (!this.#isShared) this.#leadership = null;
    this.#forgetTimers();
    const { seq, rev } = this.#delivery.position;
    const connection = new Connection({ ...this.#options, after: seq, rev });
    this.#connection = connection;
    const on = (name, framed) =>
      connection.addEventListener(name, ({ detail }) => connection === this.#connection && this.#pass(framed(detail)));
    on("state", (change) => ({ type: "state", change }));
    for (const name of ["ready", "notification", "sync", "beat"]) on(name, (frame) => ({ type: "frame", frame }));
    on("resync", ({ seq: to }) => ({ type: "frame", frame: { type: FRAME.RESYNC, seq: to } }));
    connection.start();
  }

  /** What this tab's connection says: to the others first, of whom this may be the end. */
  #pass(said) {
    const message = { ...said, at: this.#delivery.position };
    if (this.#isShared) {
      this.#channel.say(message);
      this.#leadership.active();
    }
    this.#take(message);
  }

  /** Another tab holds the socket, or may. */
  #follow() {
    this.#drop();
    this.#delivery.follow();
    this.#ask();
  }

  #ask() {
    this.#asked ??= this.#timers.setTimeout(() => (this.#asked = null), ASK_AGAIN_MS);
    this.#channel.say({ type: "hello", from: this.#me, position: this.#delivery.position });
  }

  #hear(said) {
    if (said.type === "told") this.#emit("told", said.what);
    else if (this.#connection !== null) this.#serve(said);
    else if (this.#leadership !== null && said.type !== "hello" && said.type !== "wake") {
      this.#leadership.heard();
      this.#take(said);
    }
  }

  #serve({ type, from, position }) {
    if (!this.#isShared) return;
    if (type === "wake") this.#connection.wake();
    if (type !== "hello") return;
    const answer = this.#delivery.answerTo(position);
    this.#channel.say({ type: "welcome", to: from, state: this.#state, ...answer });
    this.#leadership.active();
  }

  #take(said) {
    if (said.type === "state") this.#heardState(said.change);
    else if (said.type === "frame") this.#heardFrame(said);
    else if (said.type === "welcome" && said.to === this.#me) {
      this.#forgetTimers();
      this.#setState({ state: said.state });
      if (said.state === STATE.OPEN) this.#delivery.welcomed(said);
    }
  }

  #heardState(change) {
    this.#timers.clearTimeout(this.#dueTimer);
    // A tab in the background has slow timers; the one in front reminds it.
    if (this.#connection === null && change.delay !== undefined && this.#isInFront()) {
      this.#dueTimer = this.#timers.setTimeout(() => this.wake(), change.delay + LATE_MS);
    }
    this.#setState(change);
  }

  #heardFrame({ frame, at }) {
    // A tab that lost the lock may have told that it lost its socket after the next one had told that all is well.
    this.#setState({ state: STATE.OPEN });
    this.#delivery.take(frame, at);
  }

  #drop() {
    const connection = this.#connection;
    this.#connection = null;
    connection?.stop();
  }

  #forgetTimers() {
    this.#timers.clearTimeout(this.#asked);
    this.#timers.clearTimeout(this.#dueTimer);
    this.#asked = null;
  }

  #leave() {
    this.#forgetTimers();
    this.#drop();
    this.#leadership?.stop();
    this.#leadership = null;
    this.#channel?.close();
    this.#channel = null;
  }

  #setState({ state, ...why }) {
    const previous = this.#state;
    if (state === previous) return;
    this.#state = state;
    this.#emit("state", { state, previous, ...why });
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
