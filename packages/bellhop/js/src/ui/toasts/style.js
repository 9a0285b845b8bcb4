/** The look of the toasts. */
export const STYLE = `
:host {
  position: fixed !important;
  inset: auto 0 0 auto !important;
  z-index: var(--bellhop-z-index, 2147483000) !important;
  display: block !important;
  visibility: visible;
  color: var(--_text);
  font: 1rem/1.5 var(--bellhop-font, system-ui, sans-serif);
  pointer-events: none; /* between the toasts the page below stays usable */
}

:host(:dir(rtl)) {
  inset: auto auto 0 0 !important;
}

[part="toasts"] {
  display: grid;
  gap: 0.625rem;
  width: min(27.5rem, 100vw);
  max-height: calc(100vh - 4rem);
  padding-block-start: 2.5rem; /* not margins: room for the shadows, which overflow would cut off */
  padding-inline-start: 2.5rem;
  padding-inline-end: calc(1rem + env(safe-area-inset-right));
  padding-block-end: calc(1rem + env(safe-area-inset-bottom));
  overflow: hidden auto;
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

[part="toast-icon"] {
  display: grid;
  place-items: center;
  width: 2.25rem;
  height: 2.25rem;
  border-radius: 50%;
  background: var(--_accent-soft);
  color: var(--_accent);
}

[data-kind="problem"] > [part="toast-icon"] {
  background: var(--_danger-soft);
  color: var(--_danger);
}

[part="toast-icon"]:has(img) > svg {
  display: none;
}

img {
  object-fit: contain;
}

[part="toast-text"] {
  min-width: 0;
  max-height: 12rem;
  padding-block: 0.25rem;
  overflow-y: auto;
  overflow-wrap: anywhere;
}

p {
  margin: 0;
}

[part="toast-message"] {
  font-weight: 600;
  line-height: 1.4;
}

[part="toast-body"] {
  color: var(--_muted);
  font-size: 0.9375rem;
  white-space: pre-line;
}

[part="toast-link"] {
  display: inline-flex;
  align-items: center;
  min-height: 2.75rem;
  margin-block-end: -0.5rem;
  color: var(--_accent);
  font-weight: 500;
}

[part="toast-dismiss"] {
  display: grid;
  place-items: center;
  width: 2.75rem;
  height: 2.75rem;
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
`;
