import { t } from "../../../words/gettext.js";
import { make } from "../../make.js";
import { inWords } from "./quiet.js";

/** The line that says that what is shown may not be all there is: offline, or the server is away. */
export class Standing {
  element = make("p", { part: "panel-standing", "data-testid": "panel-standing", hidden: true });

  /** @param {{state: string, since: number | null}} standing of the client */
  show({ state, since }) {
    const text = wordsOf(state, since === null ? "" : inWords(since));
    this.element.hidden = text === null;
    if (text !== null && this.element.textContent !== text) this.element.textContent = text;
  }
}

function wordsOf(state, time) {
  if (state === "offline") return t("You are offline. This is how it was at {time}.", { time });
  if (state === "waiting") return t("Reconnecting… This is how it was at {time}.", { time });
  if (state === "away") return t("The server does not answer just now. This is how it was at {time}.", { time });
  return null;
}
