/** Paths of 24 × 24, by kind; every other kind has the bell. */
export const ICONS = {
  bell: "M6 16.5V11a6 6 0 1 1 12 0v5.5l1.5 2h-15ZM10 21h4",
  login: "M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4M4 12h11M11 8l4 4-4 4",
  summary: "M4 7h16M4 12h16M4 17h10",
  problem: "M12 5v9M12 18.5v.5",
  dismiss: "M6 6l12 12M18 6L6 18",
  read: "M5 12.5l4.5 4.5L19 7.5",
  unread: "M12 9a3 3 0 1 0 0 6 3 3 0 1 0 0-6",
  archive: "M4 5h16v4H4ZM5.5 9v10h13V9M10 13h4",
};

/** @returns {string} the path of a kind's sign */
export const iconOf = (kind) => (Object.hasOwn(ICONS, kind) ? ICONS[kind] : ICONS.bell);
