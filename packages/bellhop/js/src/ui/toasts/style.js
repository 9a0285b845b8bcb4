import { iconStyle } from "../style-icon.js";
import { SHORT } from "./style-short.js";

/** The look of the toasts. */
export const STYLE = `
:host {
  position: fixed !important;
  inset: auto !important;
  inset-inline-end: 0 !important;
  inset-block-end: 0 !important;
  z-index: var(--bellhop-z-index, 2147483000) !important;
  display: block !important;
  visibility: visible;
  color: var(--_text);
  font: 1rem/1.5 var(--bellhop-font, system-ui, sans-serif);
  pointer-events: none; /* between the toasts the page below stays usable */
}

/* What has the focus would lie below. */
:host([data-edge="start"]) {
  inset-block: 0 auto !important;
}

[part="toasts"] {
  display: grid;
  gap: 0.5rem;
  inline-size: min(27.5rem, 100vw);
  max-block-size: 40vh; /* never more of the page than that */
  max-block-size: 40dvh;
  padding-block-start: 1rem; /* not margins: room for the shadows, which overflow would cut off */
  padding-inline-start: 2.5rem;
  padding-inline-end: calc(1rem + env(safe-area-inset-right));
  padding-block-end: calc(1rem + env(safe-area-inset-bottom));
  overflow: hidden auto;
  overscroll-behavior: contain;
}

[part="toasts"]:empty {
  display: none;
}

[part="toast"] {
  display: grid;
  grid-template-columns: auto minmax(0, 1fr) auto;
  align-items: start;
  gap: 0.75rem;
  padding: 0.75rem;
  padding-inline-end: 0.25rem;
  border: 1px solid var(--_line);
  border-inline-start: 4px solid var(--_mark);
  border-radius: var(--_radius);
  background: var(--_surface);
  box-shadow: var(--_shadow);
  pointer-events: auto;
  animation: come 0.22s ease-out;
}

[data-kind="problem"] {
  border-inline-start-color: var(--_danger);
}

${iconStyle("toast-icon")}
[data-kind="problem"] > [part="toast-icon"] {
  background: var(--_danger-soft);
  color: var(--_danger);
}

[part="toast-text"] {
  min-inline-size: 0;
  max-block-size: min(6.1rem, 25vh); /* whole lines: what is cut off is there when one scrolls */
  padding-block: 0.25rem;
  overflow-y: auto;
  overflow-wrap: anywhere;
}

p {
  margin: 0;
}

[part="toast-message"] {
  font-weight: 600;
  inline-size: fit-content; /* the direction of its words is not that of its place */
  line-height: 1.4;
  text-align: start;
  unicode-bidi: isolate;
}

[part="toast-body"] {
  color: var(--_muted);
  font-size: 0.9375rem;
  inline-size: fit-content;
  text-align: start;
  unicode-bidi: isolate;
  white-space: pre-line;
}

[part="toast-link"] {
  display: inline-flex;
  align-items: center;
  min-block-size: 2.75rem;
  margin-block: -0.375rem -0.5rem;
  color: var(--_accent);
  font-weight: 500;
}

[part="toast-dismiss"] {
  display: grid;
  place-items: center;
  inline-size: 2.75rem;
  block-size: 2.75rem;
  margin-block: -0.25rem;
  padding: 0;
  border: 0;
  border-radius: 0.5rem;
  background: none;
  color: var(--_muted);
  cursor: pointer;
}

:is([part="toast-dismiss"], [part="toast-link"]):focus-visible {
  outline: 2px solid var(--_accent);
  outline-offset: -2px;
}

@media (max-width: 40rem) {
  [part="toasts"] {
    padding-inline-start: 1rem;
  }
}

@keyframes come {
  from {
    opacity: 0;
    transform: translateY(0.75rem);
  }
}

@media (prefers-reduced-motion: reduce) {
  [part="toast"] {
    animation: none;
  }
}
${SHORT}`;
