/**
 * The address a notification may link to.
 * @param {unknown} url as a caller of notify() wrote it: a path of this site, or http(s)
 * @returns {string | null} null for everything else: `javascript:` and `data:` run as this site
 */
export function safeLink(url) {
  if (typeof url !== "string" || !/^(\/|https?:\/\/)/i.test(url)) return null;
  try {
    const { protocol } = new URL(url, "https://base.invalid");
    return protocol === "https:" || protocol === "http:" ? url : null;
  } catch {
    return null;
  }
}
