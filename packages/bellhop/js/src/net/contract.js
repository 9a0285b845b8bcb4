/**
 * What the browser and the servers must spell alike. The other side of it is packages/bellhop's
 * contract.py; the promise is written in docs/contract.md.
 */

/** `type` of the frames a server sends. */
export const FRAME = Object.freeze({
  READY: "ready",
  NOTIFICATION: "notification",
  STATE: "state",
  BEAT: "beat",
  RESYNC: "resync",
});

/** Close codes that mean something to this client; every other code means "try again". */
export const CLOSE = Object.freeze({
  RESTART: 1012, // the process restarts: come back soon, but not all at once
  BAD_FRAME: 4400,
  NO_SESSION: 4401, // never had one, or it ended
  UNKNOWN_PATH: 4404,
  TOO_SLOW: 4408,
  TOO_MANY: 4429,
  UNAVAILABLE: 4503,
});

/**
 * Milliseconds without any frame after which a link counts as half-open. The server beats every
 * 25 s because a browser cannot see WebSocket pings: 60 s is two missed beats and some slack.
 */
export const SILENCE_MS = 60_000;

/**
 * Milliseconds a handshake may take until `ready`. Ours, not the contract's: as long as the server
 * lets a handshake wait (bellhop_ws: 20 s), shorter than a browser's own limit of minutes.
 */
export const HANDSHAKE_MS = 20_000;

/** Milliseconds in which a server has to answer when the browser says that it has no network. */
export const PROBE_MS = 3_000;

/** Bounds of the reconnect delay, milliseconds: 0.5 s doubling up to 30 s, each with full jitter. */
export const BACKOFF_BASE_MS = 500;
export const BACKOFF_CAP_MS = 30_000;

/** After a 1012 every client of that process comes back: they spread over this many milliseconds. */
export const RESTART_SPREAD_MS = 2_000;

/** Milliseconds after which a tab that holds the socket says that it is there, if it has said nothing else. */
export const ALIVE_MS = 20_000;

/** Milliseconds of silence after which a tab asks the one that holds the socket, and then until it takes that over. */
export const QUIET_MS = 55_000;
export const ANSWER_MS = 5_000;
