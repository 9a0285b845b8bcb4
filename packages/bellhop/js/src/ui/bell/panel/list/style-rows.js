import { iconStyle } from "../../../style-icon.js";

/** The look of the panel's rows. */
export const ROWS = `
[part="panel-list"] {
  list-style: none;
}

[part="panel-row"] {
  display: grid;
  grid-template-columns: 0.75rem auto minmax(0, 1fr) auto;
  column-gap: 0.625rem;
  align-items: start;
  padding: 0.75rem;
  padding-inline: 0.5rem 0.375rem;
  border-block-end: 1px solid var(--_line);
}

[part="panel-row"]:last-child {
  border-block-end: 0;
}

[part="panel-row"][data-read="false"] {
  background: var(--_unread);
}

/* Unread is a dot and a heavier hand, not a colour; the word is for who does not see them. */
[part="panel-mark"] {
  inline-size: 0.625rem;
  block-size: 0.625rem;
  margin-block-start: 0.8125rem;
}

[data-read="false"] > [part="panel-mark"] {
  border: 0.3125rem solid var(--_mark);
  border-radius: 50%;
}

[data-hidden] {
  position: absolute;
  inline-size: 1px;
  block-size: 1px;
  overflow: hidden;
  clip-path: inset(50%);
}

${iconStyle("panel-icon")}
[part="panel-text"] {
  min-inline-size: 0;
  overflow-wrap: anywhere;
}

/* People's words: each by its own direction, and none of them turns what stands around it. */
[part="panel-message"],
[part="panel-body"] {
  display: -webkit-box;
  -webkit-box-orient: vertical;
  -webkit-line-clamp: 2;
  overflow: hidden;
  inline-size: fit-content; /* the direction of its words is not that of its place */
  padding-block-end: 0.0625rem !important;
  text-align: start;
  unicode-bidi: isolate;
}

[part="panel"] [part="panel-message"] {
  color: var(--_text);
  line-height: 1.4;
  text-decoration: none;
}

[part="panel"] [part="panel-message"][href]:hover {
  text-decoration: underline;
}

[data-read="false"] [part="panel-message"] {
  font-weight: 600;
}

[part="panel-body"] {
  color: var(--_muted);
  font-size: 0.9375rem;
  white-space: pre-line;
}

[part="panel-when"] {
  display: flex;
  gap: 0.75rem;
  color: var(--_muted);
  font-size: 0.8125rem;
}

[part="panel-actions"] {
  display: flex;
}

[part="panel"] [part="panel-action"] {
  display: grid;
  place-items: center;
  inline-size: 2.25rem;
  padding: 0;
  color: var(--_muted);
}

[part="panel"] [part="panel-action"]:hover {
  background: var(--_surface-sunk);
  color: var(--_text);
}

[part="panel-gone"] {
  grid-column: 1 / -1;
  display: flex;
  align-items: center;
  justify-content: space-between;
  padding-inline-start: 0.75rem;
  color: var(--_muted);
}

[part="panel-row"][data-gone="true"] {
  background: none;
}

[part="panel"] [part="panel-pill"] {
  position: sticky;
  inset-block-start: 0.5rem;
  z-index: 1;
  display: block;
  margin: 0.5rem auto -2.75rem; /* no room of its own: what is below it must not move */
  padding-inline: 1rem;
  border-radius: 999px;
  background: var(--_accent);
  box-shadow: var(--_shadow);
  color: var(--_surface);
}

@media (max-width: 40rem) {
  [part="panel"] [part="panel-action"] {
    inline-size: 2.75rem;
  }

  [part="panel"] [part="panel-pill"] {
    margin-block-end: -3.25rem;
  }
}

@media (forced-colors: active) {
  [data-read="false"] > [part="panel-mark"] {
    border-color: CanvasText;
    forced-color-adjust: none;
  }

  [part="panel-icon"] {
    border: 1px solid;
  }
}
`;
