import { ListSync } from "../../../../state/list-sync.js";
import { logFailure } from "../../../../words/console-log.js";
import { say } from "../../../announcer.js";
import { t } from "../../../../words/gettext.js";
import { LIMIT, Recent } from "./recent.js";

/** What the panel shows, kept in step with the server from start() to stop(), and what is done to it. */
export class Feed {
  #client;
  #changed;
  #recent = new Recent();
  #sync = null;
  #seq = 0;
  #state = "loading";
  #view;

  /**
   * @param {import("../../../../client/client.js").Client} client
   * @param {() => void} changed called when `rows` or `state` are others
   * @param {object} view what the client is to tell of besides
   */
  constructor(client, changed, view) {
    this.#client = client;
    this.#changed = changed;
    this.#view = {
      joined: () => this.refresh(),
      resync: () => this.refresh(),
      ready: (frame) => {
        this.#recent.endAt(frame.seq);
        this.#sync.ready(frame);
      },
      beat: (frame) => this.#sync.beat(frame),
      changed: (frame) => this.#sync.changed(frame) && this.#apply(frame),
      answered: (change, answer) => this.#sync.answered(answer, change) && this.#apply(change),
      arrived: (notification) => this.#arrived(notification),
      ...view,
      ended: () => {
        this.#recent.clear();
        view.ended();
      },
    };
  }

  get rows() {
    return this.#recent.rows;
  }

  /** "loading", "ready" or "failed" */
  get state() {
    return this.#state;
  }

  start() {
    this.#recent.sweep();
    this.#state = "loading";
    // A new one: of what happened while it was closed nobody was told.
    const sync = new ListSync({ seq: 0, rev: 0, fetchList: () => this.#fetch(sync), applyList: (answer) => this.#list(answer) });
    this.#sync = sync;
    this.#client.attach(this.#view);
    document.addEventListener("visibilitychange", this.#again);
    this.refresh();
  }

  stop() {
    this.#client.detach(this.#view);
    document.removeEventListener("visibilitychange", this.#again);
  }

  /** Fetches the newest, also after that has failed. Never rejects. */
  async refresh() {
    if (this.#state === "failed") {
      this.#state = "loading";
      this.#changed();
    }
    await this.#sync.refresh();
  }

  /** @returns {Promise<boolean>} whether it was done; a failure is told */
  async act(action, id) {
    if (action === "archive") this.#recent.putAway(id);
    const isDone = await this.#mark(action === "undo" ? "unarchive" : action, { ids: [id] });
    if (isDone ? action === "undo" : action === "archive") {
      this.#recent.bringBack(id);
      this.#changed();
    }
    if (isDone && action === "archive") say(t("Archived"));
    return isDone;
  }

  /** Reads all that there is up to now, shown here or not. */
  readAll() {
    return this.#mark("read", { through: this.#seq });
  }

  async #mark(action, what) {
    try {
      await this.#client.mark(action, what);
      return true;
    } catch (error) {
      this.#client.tellFailure(error);
      return false;
    }
  }

  async #fetch(sync) {
    try {
      const answer = await this.#client.list({ limit: LIMIT });
      if (sync === this.#sync) this.#state = "ready";
      return answer;
    } catch (error) {
      if (sync === this.#sync) this.#state = "failed";
      this.#changed();
      throw error;
    }
  }

  #list(answer) {
    this.#recent.reconcile(answer);
    this.#look(answer.seq);
    this.#changed();
  }

  #arrived(notification) {
    if (!this.#sync.arrived(notification.seq)) return;
    this.#recent.add(notification);
    this.#look(notification.seq);
    this.#changed();
  }

  #apply(change) {
    if (this.#recent.apply(change)) this.refresh();
    this.#changed();
  }

  /** The page may have come to the front, with the panel open. */
  #again = () => this.#look(this.#seq);

  /** Somebody looks at them, up to there. That is not the same as having read them. */
  #look(seq) {
    this.#seq = Math.max(this.#seq, seq);
    if (!document.hidden) this.#client.markSeen(seq).catch((error) => logFailure("could not mark as seen", error));
  }
}
