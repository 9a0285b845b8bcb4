/** What a page loads when somebody is about to open it: a program of its own, so that pages without need stay light. */
import { Panel } from "./ui/bell/panel/panel.js";
import { Help } from "./ui/inbox/keys/help.js";

/** Where they are looked for: a script, and one of another origin, has no exports. */
document[Symbol.for("bellhop.panel")] = (parts) => new Panel(parts);
document[Symbol.for("bellhop.help")] = (keysSwitch) => new Help(keysSwitch);
