/** What the server's HTML says to the page's modules. */

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&#39;": "'" };
const plain = (text) => text.replace(/&(?:amp|lt|gt|quot|#x27|#39);/g, (entity) => ENTITIES[entity]);

/** @returns {Record<string, string>} attributes of one tag by their names in the HTML */
function attributes(tag) {
  return Object.fromEntries([...tag.matchAll(/\s([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, plain(value)]));
}

/** The first group, decoded; "" where the pattern is not there. */
function text(html, pattern) {
  return plain(pattern.exec(html)?.[1] ?? "");
}

function row(html) {
  const { "data-id": id, "data-seq": seq, "data-kind": kind, "data-read": read } = attributes(/^[^>]*>/.exec(html)[0]);
  return {
    id,
    seq: Number(seq),
    kind,
    read: read === "true",
    message: text(html, /<a [^>]*data-message[^>]*>([^<]*)<\/a>/),
    body: text(html, /<\w+ [^>]*data-body[^>]*>([^<]*)</),
    created: text(html, /<time [^>]*datetime="([^"]*)"/),
  };
}

/**
 * @param {string} html of the home page
 * @returns {object | null} what makeDocument takes; null: a page without anybody signed in
 */
export function readPage(html) {
  const inbox = /<bellhop-inbox\s[^>]*>/.exec(html);
  if (inbox === null) return null;
  const told = attributes(inbox[0]);
  const list = html.replace(/\r\n?/g, "\n").split("<template")[0];
  const older = /<a [^>]*data-older[^>]*>/.exec(html)?.[0] ?? " hidden>";
  return {
    data: {
      userKey: told["data-bellhop-user"],
      seq: Number(told["data-seq"]),
      rev: Number(told["data-rev"]),
      unread: Number(told["data-unread"]),
      // A session without a mark gets it with the summary, which is asked for then.
      ...(told["data-csrf"] && told["data-since"] !== undefined && { seen: Number(told["data-seen"] ?? 0), since: Number(told["data-since"]), csrf: told["data-csrf"] }),
    },
    rows: list.split(/<\w+ (?=[^>]*data-testid="notification")/).slice(1).map((item) => row(` ${item}`)),
    older: older.endsWith(" hidden>") ? "" : attributes(older).href,
    through: Number(text(html, /name="through" value="(\d+)"/)),
    newest: told["data-newest"] === "true",
    title: text(html, /<title>([^<]*)<\/title>/),
  };
}
