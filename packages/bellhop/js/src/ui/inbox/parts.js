import { ListView } from "../../state/list-view.js";
import { make } from "../make.js";
import { Actions } from "./actions/actions.js";
import { DoneBar } from "./actions/done-bar.js";
import { interceptForms } from "./actions/forms.js";
import { Selection } from "./actions/selection.js";
import { Counts } from "./around/counts.js";
import { Edges } from "./around/edges.js";
import { Older } from "./around/older.js";
import { Seen } from "./around/seen.js";
import { Standing } from "./around/standing.js";
import { commandsOf } from "./keys/commands.js";
import { HelpOnDemand } from "./keys/help-on-demand.js";
import { Keys } from "./keys/keys.js";
import { RowFocus } from "./keys/rows.js";
import { KeysSwitch } from "./keys/switch.js";
import { Clamp } from "./list/clamp.js";
import { Hold } from "./list/hold.js";
import { List } from "./list/list.js";
import { Pill } from "./list/pill.js";
import { Placed } from "./list/placed.js";

/**
 * Makes the parts of an inbox page, each of which knows its own piece of the page, and joins them.
 * @param {HTMLElement} section the element
 * @param {import("./page.js").Page} page
 * @param {object} asks of the server, for the person of this page
 * @param {(params: object) => Promise<object>} asks.list
 * @param {(action: string, what: object) => Promise<object>} asks.mark
 * @param {(seq: number) => Promise<unknown>} asks.markSeen
 * @param {() => Promise<void>} asks.refresh settles once the list is as the server has it
 * @param {(answer: {seq: number, rev: number}) => boolean} asks.isAt whether that is of the moment of which the list is
 */
export function makeParts(section, page, { list: fetch, mark, markSeen, refresh, isAt }) {
  const find = (selector) => section.querySelector(selector);
  const [form, items, title] = ["[data-list-form]", "[data-items]", "#bellhop-inbox-title"].map(find);
  const view = new ListView(page);
  const parts = { view, title };
  const changed = (list) => {
    parts.edges.follow(list);
    parts.selection.show();
    parts.clamp.measure();
    parts.seen?.look();
  };
  parts.edges = new Edges(section, page);
  parts.selection = new Selection(form);
  parts.clamp = new Clamp(items);
  const older = find("[data-older]");
  const places = older === null ? [form] : [form, older];
  parts.hold = new Hold(places, items, () => parts.selection.ids.length > 0, () => parts.list.settleDown());
  const pill = new Pill(find("[data-pill]"), () => showNew(parts));
  const placed = new Placed(section, items, page);
  const hasOlder = older !== null && !older.hidden;
  parts.list = new List({ items, pill, page, view, placed, hold: parts.hold, hasOlder }, changed);
  parts.seen = new Seen(markSeen, page, parts.list, Number(section.dataset.seen) || 0);
  parts.counts = new Counts(section, () => fetch({ limit: 1, counts: true }), isAt);
  parts.standing = new Standing(find("[data-standing]"), page.zone);
  parts.older = new Older(section, parts.list, (params) => fetch({ ...view.params, ...params }));
  parts.bar = new DoneBar(find("[data-done]") ?? make("div", { hidden: true }));
  parts.actions = new Actions({ list: parts.list, page, bar: parts.bar, selection: parts.selection, title, mark, refresh });
  interceptForms(section, parts.actions);
  const keysSwitch = new KeysSwitch(() => window.localStorage);
  parts.help = new HelpOnDemand(keysSwitch, section.getAttribute("panel"));
  const rows = new RowFocus(items);
  const commands = commandsOf({ section, rows, actions: parts.actions, selection: parts.selection, help: parts.help });
  parts.keys = new Keys(() => keysSwitch.isOn, commands);
  return parts;
}

/** What has waited comes, and the focus goes on with the newest of it: the pill is gone. */
function showNew({ list, title }) {
  const [first] = list.release();
  const item = list.element(first);
  item?.setAttribute("tabindex", "-1");
  (item ?? title)?.focus();
}
