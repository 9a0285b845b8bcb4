import { absoluteTime } from "../../words/ticking-times.js";

/**
 * `<bellhop-preferences>`: the page of preferences, whose forms need none of this. Where no zone is chosen, its
 * moments are in the browser's, which is proposed.
 */
export class PreferencesElement extends HTMLElement {
  connectedCallback() {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    if (!timeZone) return;
    for (const time of this.querySelectorAll("time[data-moment]")) {
      time.textContent = `${absoluteTime(time.dateTime)} (${timeZone})`;
    }
    const select = this.querySelector("select[data-zone=browser]");
    if (!select) return;
    // Not again: a snapshot of the page that comes back has what the person has chosen since.
    select.dataset.zone = "proposed";
    if (![...select.options].some(({ value }) => value === timeZone)) select.add(new Option(timeZone));
    select.value = timeZone;
  }
}
