/**
 * What of the list was missed, above `after` and up to `upTo`.
 * @param {{results: object[], unread: number}} answer of the API: the newest, and how many are unread in all
 * @returns {{results: object[], skipped: number, seq: number}} oldest first; and of those that are older than the answer
 *   goes, which are not known: how many there may be (as many as there are numbers for, or as are unread, where that is
 *   fewer), and up to which seq
 */
export function missedIn({ results, unread }, after, upTo) {
  const seq = Math.min(upTo, (results.at(-1)?.seq ?? Infinity) - 1);
  const others = unread - results.filter(({ read }) => !read).length;
  return {
    results: results.filter((result) => result.seq > after && result.seq <= upTo).reverse(),
    skipped: Math.max(0, Math.min(seq - after, others)),
    seq,
  };
}
