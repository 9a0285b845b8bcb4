/** What the server's HTML says to the page's modules. */

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&#39;": "'" };
const plain = (text) => text.replace(/&(?:amp|lt|gt|quot|#x27|#39);/g, (entity) => ENTITIES[entity]);
const camel = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

/** @returns {Record<string, string>} attributes of one tag by their names in the HTML */
function attributes(tag) {
  return Object.fromEntries([...tag.matchAll(/\s([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, plain(value)]));
}

/** Of #bell-data: the rest is numbers. */
const WORDS = new Set(["data-user-key", "data-csrf-token"]);

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
    message: text(html, /<a data-message[^>]*>([^<]*)<\/a>/),
    body: text(html, /<p class="notification-body"[^>]*>([^<]*)<\/p>/),
    created: text(html, /<time datetime="([^"]*)"/),
  };
}

/**
 * @param {string} html of the home page
 * @returns {object | null} what makeDocument takes; null: a page without anybody signed in
 */
export function readPage(html) {
  const bell = /<div id="bell-data"[^>]*>/.exec(html);
  if (bell === null) return null;
  const data = {};
  for (const [name, value] of Object.entries(attributes(bell[0]))) {
    if (name.startsWith("data-")) data[camel(name.slice(5))] = WORDS.has(name) ? value : Number(value);
  }
  const list = html.replace(/\r\n?/g, "\n").split("<template>")[0];
  const older = /<a class="older-link"[^>]*>/.exec(html)?.[0] ?? " hidden>";
  return {
    data,
    rows: list.split('<li class="notification"').slice(1).map(row),
    older: older.endsWith(" hidden>") ? "" : attributes(older).href,
    through: Number(text(html, /name="through" value="(\d+)"/)),
    newest: text(html, /<section class="inbox"[^>]*data-newest="(\w+)"/) === "true",
    title: text(html, /<title>([^<]*)<\/title>/),
  };
}
