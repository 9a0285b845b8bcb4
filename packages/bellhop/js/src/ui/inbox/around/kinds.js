import { make } from "../../make.js";

/** @returns {string} "order_shipped" as a word of a page; its label is known to the server alone, with the next page */
const labelOf = (kind) => kind.replace(/[._-]+/g, " ").replace(/^./, (letter) => letter.toUpperCase());

/**
 * Lets the kinds to filter by follow what arrives: the first of a kind brings its link.
 * @param {HTMLElement} section
 * @param {import("../page.js").Page} page
 * @param {string} kind of what has arrived
 */
export function followKind(section, page, kind) {
  const nav = section.querySelector("[data-kinds]");
  const chips = [...(nav?.querySelectorAll("[data-kind-chip]") ?? [])];
  // Where there are none the page has only one kind to show, and nothing to choose.
  if (chips.length === 0 || chips.some((chip) => chip.dataset.kindChip === kind)) return;
  const href = page.address({ kind });
  nav.append(make("a", { class: chips[0].className ?? "", href, "data-kind-chip": kind, dir: "auto" }, labelOf(kind)));
}
