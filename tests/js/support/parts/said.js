/** @returns {string[]} what the document's announcer has said and not taken away yet */
export const said = (document) =>
  (document.documentElement.children ?? [])
    .filter(({ tag }) => tag === "bellhop-announcer")
    .flatMap(({ shadowRoot }) => shadowRoot.children[0].children.map(({ textContent }) => textContent));
