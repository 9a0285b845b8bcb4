import { OTHER_USER } from "../net/api.js";

/** The field of a `state` frame that says the same as this action of the API. */
const FIELD = { read: "read", unread: "unread_ids", archive: "archived", unarchive: "unarchived" };

/** Whether this answer of the API says that the session is over, or somebody else's. */
export const isOver = ({ status }) => status === 401 || status === OTHER_USER;

/**
 * What a person asks of the API in this tab; what an answer says of them is told to their views, in every tab. Each
 * rejects with ApiError. `as` is the person's key: of nobody else anything is shown or changed.
 */
export class Requests {
  #api;
  #person;
  #over;

  /**
   * @param {import("../net/api.js").Api} api
   * @param {(key: string | null) => import("./person.js").Person | null} person whoever is signed in, if that is who it is
   * @param {(error: ApiError) => void} over their session is, or nobody knows of one
   */
  constructor(api, person, over) {
    this.#api = api;
    this.#person = person;
    this.#over = over;
  }

  async list(params, as) {
    const answer = await this.#watched(as, this.#api.list(params, as));
    this.#person(as)?.heard(answer);
    return answer;
  }

  async mark(action, what, as) {
    const answer = await this.#watched(as, this.#api.mark(action, what, as));
    this.#person(as)?.changed(changeOf(action, what), answer);
    return answer;
  }

  async markSeen(seq, as) {
    if (seq <= this.#person(as)?.seen) return;
    const answer = await this.#watched(as, this.#api.markSeen(seq, as));
    this.#person(as)?.changed({ isSeen: true }, answer);
  }

  preferences(as) {
    return this.#watched(as, this.#api.preferences(as));
  }

  setPreferences(changes, as) {
    return this.#watched(as, this.#api.setPreferences(changes, as));
  }

  async #watched(as, request) {
    try {
      return await request;
    } catch (error) {
      if (isOver(error) && this.#person(as) !== null) this.#over(error);
      throw error;
    }
  }
}

/**
 * What an action of the API has changed, shaped like a `state` frame.
 * @param {"read" | "unread" | "archive" | "unarchive"} action
 * @param {object} what as Api.mark takes it
 * @returns {object} with `reload` where only the server knows: what a filter holds, and what an undo gives back
 */
function changeOf(action, { ids, through, view, kind, q }) {
  if (ids !== undefined) return { [FIELD[action]]: [...ids] };
  // An archived one is not in what `through` means to a list.
  const isAll = through !== undefined && view !== "archived" && !kind && !q;
  return action === "read" && isAll ? { through } : { reload: true };
}
