/** What a developer sees in the browser's console: each message as it arrives, and why a link was lost. */

const NAME = "[bellhop]";

export function logNotification(frame) {
  console.log(NAME, frame.message, frame);
}

export function logState({ state, code, delay }) {
  const why = code === undefined ? "" : ` (code ${code})`;
  const next = delay === undefined ? "" : `, next attempt in ${delay} ms`;
  console.debug(NAME, `connection ${state}${why}${next}`);
}

export function logResync({ seq, from }) {
  console.debug(NAME, `resync: going on from ${seq}, was at ${from}; the list is fetched again`);
}

export function logFailure(what, error) {
  console.warn(NAME, what, error);
}
