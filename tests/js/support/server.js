/**
 * What the services do for one user, by the contract: rows with seq and rev, the cursor rule of a socket, the
 * beat, the API. It answers when the test says so; between a request and its answer anything may happen.
 */

/** The contract's 200, small, so that a few notifications already make a `resync`. */
const REPLAY_LIMIT = 6;

/** The contract's bytes of a `state` frame, as so many notifications that were worded anew. */
const WORDED_LIMIT = 2;

const NO_SESSION = Symbol("401");

export class Server {
  rows = [];
  seq = 0;
  rev = 0;
  seen = 0; // up to which seq the user has seen what there is
  since = 0; // where the browser's login session began
  user = "key"; // who is signed in with the browser, null for nobody
  links = []; // accepted sockets: {socket, pipe, told, cursor, rev}; `pipe` is on its way, `told` was delivered
  removals = []; // {id, rev} of deleted rows; as many as may still be told
  rings = []; // what workers are about to ring, in whatever order: a row as it was, or null for "something changed"
  requests = []; // {work, settle, answer?}: `answer` once the server is done with it
  #backup = null;
  #made = 0;

  // The database

  get listed() {
    return this.rows.filter((row) => !row.archived).sort((a, b) => b.seq - a.seq);
  }

  get state() {
    return { seq: this.seq, rev: this.rev, unread: this.listed.filter((row) => !row.read).length, seen: this.seen };
  }

  /** What a list with this filter holds, newest first. */
  view({ view = "inbox", kind, q }) {
    const isIn = { inbox: (row) => !row.archived, unread: (row) => !row.archived && !row.read, archived: (row) => row.archived }[view];
    const isFound = (row) => (!kind || row.kind === kind) && (!q || row.message.includes(q));
    return this.rows.filter((row) => isIn(row) && isFound(row)).sort((a, b) => b.seq - a.seq);
  }

  /** `lost`: the row went with retention before anyone read it; its seq stays a hole. `more`: of its fields. */
  notify({ lost = false, rings = true, ...more } = {}) {
    this.seq += 1;
    this.#made += 1;
    const id = `id-${this.#made}`;
    const row = { id, seq: this.seq, kind: "message", message: id, read: false, archived: false, rev: 0, updatedRev: 0, ...more };
    if (lost) return;
    this.rows.push(row);
    if (rings) this.rings.push({ ...row });
  }

  /** A ring reaches the sockets. */
  ring(index) {
    const [row] = this.rings.splice(index, 1);
    for (const link of this.links) {
      if (row === null) this.#sendChanges(link);
      else if (row?.seq === link.cursor + 1) this.#forward(link, row);
      else if (row?.seq > link.cursor) this.#sendMissed(link);
    }
  }

  /** @returns {number} how many rows changed; `chosen` tells which are meant */
  mark(action, chosen, { rings = true } = {}) {
    const field = action.endsWith("archive") ? "archived" : "read";
    const value = !action.startsWith("un");
    const changed = this.rows.filter((row) => chosen(row) && row[field] !== value);
    if (changed.length === 0) return 0;
    this.rev += 1;
    for (const row of changed) {
      Object.assign(row, { [field]: value, rev: this.rev, isTouched: true });
      if (action === "unarchive") row.backRev = this.rev;
    }
    if (rings) this.rings.push(null);
    return changed.length;
  }

  /** The person has seen everything up to there. @returns {number} how much that changed */
  markSeen(through) {
    if (through <= this.seen) return 0;
    this.seen = through;
    this.rev += 1;
    this.rings.push(null);
    return 1;
  }

  /** Somebody deletes the rows that are meant. */
  remove(chosen, { rings = true } = {}) {
    const gone = this.rows.filter(chosen);
    if (gone.length === 0) return;
    this.rev += 1;
    this.rows = this.rows.filter((row) => !gone.includes(row));
    this.removals = [...this.removals, ...gone.map(({ id }) => ({ id, rev: this.rev }))].slice(-REPLAY_LIMIT - 1);
    if (rings) this.rings.push(null);
  }

  /** Rows are worded anew. Those who have read them are not told of it as of something new. */
  update(chosen, { rings = true } = {}) {
    const changed = this.rows.filter(chosen);
    if (changed.length === 0) return;
    this.rev += 1;
    for (const row of changed) {
      Object.assign(row, { message: `${row.id} in the words of rev ${this.rev}`, rev: this.rev, updatedRev: this.rev });
    }
    if (rings) this.rings.push(null);
  }

  /** What is due is withdrawn. */
  expire({ rings = true } = {}) {
    this.remove((row) => row.expires !== undefined, { rings });
  }

  keepBackup() {
    const { rows, seq, rev, seen, removals } = this;
    this.#backup = structuredClone({ rows, seq, rev, seen, removals });
  }

  /** The database of an earlier moment: whatever was under way has failed. */
  restore() {
    if (this.#backup === null) return false;
    Object.assign(this, structuredClone(this.#backup));
    this.rings = [];
    for (const request of this.requests.splice(0)) request.settle(null);
    return true;
  }

  // Sockets

  accept(socket) {
    const asked = new URL(socket.url).searchParams;
    const [after, rev] = [Number(asked.get("after")), Number(asked.get("rev") ?? this.rev)];
    const link = { socket, pipe: [], told: [], loses: 0, cursor: this.seq, rev: this.rev };
    this.links.push(link);
    link.pipe.push({ type: "ready", ...this.state, user_key: this.user });
    if (after > this.seq) {
      link.pipe.push({ type: "resync", seq: this.seq });
    } else {
      link.cursor = after;
      this.#sendMissed(link);
    }
    // What lies above the latest is of a database that a backup has replaced.
    link.rev = Math.min(rev, this.rev);
    this.#sendChanges(link);
  }

  beat() {
    for (const link of this.links) {
      if (this.seq > link.cursor) this.#sendMissed(link);
      this.#sendChanges(link);
      link.pipe.push({ type: "beat", ...this.state });
    }
  }

  #sendMissed(link) {
    const missed = this.listed.filter((row) => row.seq > link.cursor).reverse();
    if (missed.length > REPLAY_LIMIT) link.pipe.push({ type: "resync", seq: this.seq });
    else for (const row of missed) this.#forward(link, row);
    link.cursor = this.seq;
  }

  #forward(link, row) {
    link.pipe.push({ type: "notification", ...fields(row) });
    link.cursor = row.seq;
  }

  #sendChanges(link) {
    if (this.rev <= link.rev) return;
    // First what it has not got, as it is now: a ring of it that is still on its way has old words, and is dropped then.
    if (this.seq > link.cursor) this.#sendMissed(link);
    const changed = this.rows.filter((row) => row.rev > link.rev);
    const removed = this.removals.filter((one) => one.rev > link.rev).map(({ id }) => id);
    const ids = (chosen) => changed.filter(chosen).map((row) => row.id);
    const firstUnread = Math.min(...this.listed.filter((row) => !row.read).map((row) => row.seq));
    const frame = { type: "state", ...this.state, since: link.rev };
    link.rev = this.rev;
    frame.through = Number.isFinite(firstUnread) ? firstUnread - 1 : this.seq;
    const lists = {
      read: ids((row) => row.read),
      unread_ids: ids((row) => !row.read),
      archived: ids((row) => row.archived),
      unarchived: ids((row) => !row.archived && row.backRev > frame.since),
      removed,
    };
    const updated = changed.filter((row) => row.updatedRev > frame.since).map((row) => ({ type: "notification", ...fields(row) }));
    const isTooMuch = changed.length + removed.length > REPLAY_LIMIT || updated.length > WORDED_LIMIT;
    link.pipe.push({ ...frame, ...(isTooMuch ? { reload: true } : { ...lists, updated }) });
  }

  // HTTP

  fetch = (path, { method, body }) => {
    const work = () => (this.user === null ? NO_SESSION : method === "POST" ? this.#marked(path, JSON.parse(body)) : this.#got(path));
    return new Promise((resolve, reject) => {
      const settle = (answer) => {
        if (answer === null) reject(new TypeError("network"));
        else if (answer === NO_SESSION) resolve({ ok: false, status: 401, json: async () => ({}) });
        else resolve({ ok: true, status: 200, json: async () => answer });
      };
      this.requests.push({ work, settle });
    });
  };

  #got(path) {
    const url = new URL(path, "http://test");
    if (url.pathname.endsWith("summary")) return { ...this.state, since: this.since, user_key: this.user, csrf_token: "token" };
    const asked = Object.fromEntries(url.searchParams);
    const limit = Number(asked.limit);
    const all = this.view(asked);
    if (asked.after !== undefined) {
      const above = all.reverse().filter((row) => row.seq > Number(asked.after));
      // A page of the API, small as well.
      const results = above.slice(0, Math.min(limit, REPLAY_LIMIT)).map(fields);
      const more = above.length > results.length ? `?after=${results.at(-1).seq}` : null;
      return { results, ...this.state, user_key: this.user, next: more };
    }
    const rows = all.filter((row) => !(row.seq >= Number(asked.before)));
    const next = rows.length > limit ? `?before=${rows[limit - 1].seq}` : null;
    return { results: rows.slice(0, limit).map(fields), ...this.state, user_key: this.user, next };
  }

  #marked(path, { ids, through, rev, user_key, ...filter }) {
    const action = path.split("/").at(-1);
    if (action === "seen") return { changed: this.markSeen(through), ...this.state };
    const held = new Set(filter.view === undefined ? this.rows : this.view(filter));
    // An undo: those that this change was the last of.
    const isMeant = (row) => (rev !== undefined ? row.rev === rev : row.seq <= through && held.has(row));
    const changed = this.mark(action, (row) => (ids ? ids.includes(row.id) : isMeant(row)));
    return { ...this.state, changed };
  }
}

const fields = ({ id, seq, kind, message, read, importance, expires, toast, thread, desktop }) => ({
  id,
  seq,
  kind,
  message,
  body: "",
  url: "",
  data: {},
  created: "2026-11-22T10:00:00Z",
  read,
  importance,
  expires,
  toast,
  thread,
  desktop,
});
