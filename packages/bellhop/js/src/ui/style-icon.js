/**
 * The look of the icon of a kind, the same in toasts and panel.
 * @param {string} part its name
 * @returns {string} rules for the sheet of a shadow root
 */
export const iconStyle = (part) => `
[part="${part}"] {
  display: grid;
  place-items: center;
  inline-size: 2.25rem;
  block-size: 2.25rem;
  border-radius: 50%;
  background: var(--_accent-soft);
  color: var(--_accent);
}

[part="${part}"]:has(img) > svg {
  display: none;
}

/* One goes in from the other side. */
[data-kind="login"] [part="${part}"]:dir(rtl) > svg {
  scale: -1 1;
}

img {
  object-fit: contain;
}
`;
