import { FRAME } from "./contract.js";

const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const isMissing = (value) => value === undefined || value === null;
const isIdList = (value) => isMissing(value) || (Array.isArray(value) && value.every((id) => typeof id === "string"));

const isNotification = (frame) =>
  typeof frame.message === "string" &&
  // No seq: an unsaved message, which has no place in the order and no id.
  (isMissing(frame.seq) || (isCount(frame.seq) && typeof frame.id === "string"));
const isSaved = (frame) => frame !== null && typeof frame === "object" && isCount(frame.seq) && isNotification(frame);

/** What must hold before a frame may reach a listener; a type that is not here is not for us. */
const CHECKS = {
  [FRAME.READY]: (frame) => isCount(frame.seq) && isCount(frame.rev) && isCount(frame.unread),
  [FRAME.BEAT]: (frame) => isCount(frame.seq) && isCount(frame.rev) && isCount(frame.unread),
  [FRAME.RESYNC]: (frame) => isCount(frame.seq),
  [FRAME.NOTIFICATION]: isNotification,
  [FRAME.STATE]: (frame) =>
    isCount(frame.rev) &&
    isCount(frame.unread) &&
    [frame.through, frame.since].every((value) => isMissing(value) || isCount(value)) &&
    [frame.read, frame.unread_ids, frame.archived, frame.removed].every(isIdList) &&
    (isMissing(frame.updated) || (Array.isArray(frame.updated) && frame.updated.every(isSaved))),
};

/**
 * Reads one text frame of the server.
 * @param {unknown} data what a WebSocket message event carries
 * @returns {object | null} the frame, or null when it is malformed or of a type we do not know:
 *   a newer server may say more than this page understands, and that must not end the connection
 */
export function parseFrame(data) {
  if (typeof data !== "string") return null;
  let frame;
  try {
    frame = JSON.parse(data);
  } catch {
    return null;
  }
  if (frame === null || typeof frame !== "object" || Array.isArray(frame)) return null;
  if (!Object.hasOwn(CHECKS, frame.type)) return null;
  return CHECKS[frame.type](frame) ? frame : null;
}
