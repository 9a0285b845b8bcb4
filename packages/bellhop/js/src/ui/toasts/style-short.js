/** The look of the toasts where the window is no higher than a few lines. */
export const SHORT = `
/* Enlarged to four times its size, or a phone on its side: two lines each, at most. */
@media (max-height: 30rem) {
  [part="toasts"] {
    gap: 0.25rem;
    padding-block: 0.25rem;
  }

  [part="toast"] {
    padding: 0;
    padding-inline-start: 0.5rem;
    column-gap: 0.5rem;
  }

  [part="toast-icon"] {
    display: none;
  }

  [part="toast-text"] {
    grid-column: 1 / 3;
    display: flex;
    gap: 0.75rem;
    align-items: center;
    max-block-size: 2.75rem;
    padding: 0;
    overflow: hidden;
  }

  [part="toast-message"] {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    flex: 1;
    overflow: hidden;
    line-height: 1.3;
  }

  [part="toast-body"] {
    display: none;
  }

  [part="toast-link"] {
    margin: 0;
  }

  [part="toast-dismiss"] {
    margin: 0;
  }
}
`;
