/** What the bell loads when somebody is about to open its panel: a program of its own, so that pages without need stay light. */
import { Panel } from "./ui/bell/panel/panel.js";

/** Where the bell looks for it: a script, and one of another origin, has no exports. */
document[Symbol.for("bellhop.panel")] = (parts) => new Panel(parts);
