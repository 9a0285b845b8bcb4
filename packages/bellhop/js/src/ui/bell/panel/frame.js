import { t } from "../../../words/gettext.js";
import { ICONS } from "../../icons.js";
import { lines, make } from "../../make.js";

/**
 * The panel without what is in it: head, places for what is told in place of rows, foot.
 * @param {Record<string, HTMLElement>} inside `standing`, `rows`, `quiet`, `desktop`
 * @returns {Record<string, HTMLElement>} its parts by name
 */
export function makeFrame({ standing, rows, quiet, desktop }) {
  const button = (part, ...children) => make("button", { part: `panel-${part}`, type: "button", "data-testid": `panel-${part}` }, ...children);
  const line = (part, ...children) => make("div", { part: "panel-line", "data-testid": `panel-${part}`, hidden: true }, ...children);
  const title = make("h2", { part: "panel-title", id: "panel-title", tabindex: -1 }, t("Notifications"));
  const markAll = button("mark-all");
  const close = button("close", lines(ICONS.dismiss, 18));
  close.setAttribute("aria-label", t("Close"));
  const retry = button("retry", t("Try again"));
  const loading = line("loading", t("Loading…"));
  const failed = line("failed", make("span", {}, t("This could not be loaded.")), retry);
  const empty = line("empty", lines(ICONS.bell, 28), make("span", {}, t("Nothing here. What comes is shown at once.")));
  const ended = line("ended", t("You are signed out. Sign in again to see your notifications."));
  const all = make("a", { part: "panel-all", "data-testid": "panel-all" }, t("See all"));
  const preferences = make("a", { part: "panel-preferences", "data-testid": "panel-preferences" }, t("Preferences"));
  const settings = make("div", { part: "panel-settings" }, quiet, desktop);
  const body = make("div", { part: "panel-main" }, rows, loading, failed, empty, ended);
  const panel = make(
    "div",
    // Opened by the bell's button, closed by Esc, a press outside of it, and whatever else the browser has for that.
    { part: "panel", popover: "auto", role: "dialog", "aria-labelledby": "panel-title", "data-testid": "panel" },
    make("div", { part: "panel-head" }, title, markAll, close),
    standing,
    body,
    settings,
    make("div", { part: "panel-foot" }, all, preferences),
  );
  return { panel, title, markAll, close, retry, loading, failed, empty, ended, all, preferences, settings };
}
