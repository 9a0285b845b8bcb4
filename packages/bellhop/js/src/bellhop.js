/** What a page with a bell loads: the elements, and `window.bellhop`, the document's client. */
import { existingClient } from "./client/client-of-document.js";
import { BellElement } from "./ui/bell/bell-element.js";
import { InboxElement } from "./ui/inbox/inbox-element.js";
import { PreferencesElement } from "./ui/preferences/preferences-element.js";

// The script may be there twice, under the address of this release and of the one before.
for (const [name, element] of [
  ["bellhop-bell", BellElement],
  ["bellhop-inbox", InboxElement],
  ["bellhop-preferences", PreferencesElement],
]) {
  if (customElements.get(name) === undefined) customElements.define(name, element);
}

if (!("bellhop" in window)) Object.defineProperty(window, "bellhop", { get: existingClient, configurable: true });
