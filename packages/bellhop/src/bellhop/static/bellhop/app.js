/** Wiring: which event of the connection reaches which part of the page. Decides as little as it can. */
import { interceptForms } from "./ui/mark-forms.js";
import { Api, OTHER_USER } from "./net/api.js";
import { Bell } from "./ui/bell.js";
import { Connection, STATE } from "./net/connection.js";
import { logFailure, logNotification, logResync, logState } from "./words/console-log.js";
import { SOCKET_PATH } from "./net/contract.js";
import { failureWords } from "./words/failure-words.js";
import { ConnectionIndicator } from "./ui/connection-indicator.js";
import { List } from "./ui/list.js";
import { closeOnLeave } from "./ui/menu.js";
import { ListSync } from "./state/list-sync.js";
import { ShownMark } from "./state/remember-shown.js";
import { UnreadCount } from "./state/bell-unread-count.js";
import { keepTimesFresh } from "./words/ticking-times.js";
import { ToastQueue } from "./state/toast-queue.js";
import { Toasts } from "./ui/toasts.js";

const find = (selector) => document.querySelector(selector);
const { userKey, csrfToken, ...counts } = find("#bell-data").dataset;
// Where the server stood when it rendered the page: `since`, `seq`, `rev`, `unread`.
const page = {
  user_key: userKey,
  ...Object.fromEntries(Object.entries(counts).map(([name, value]) => [name, Number(value)])),
};

const api = new Api({ userKey, csrfToken });
const shown = new ShownMark(page.user_key, () => window.localStorage);
const section = find("#inbox");
const list = section && new List(section);
const bell = new Bell(find("[data-testid=bell]"));
const indicator = new ConnectionIndicator(find("[data-testid=connection]"));
const toasts = new Toasts(find("#toasts"), find("#toast-template"), ({ id }) => id && markFollowed(id));
// What this browser had shown when this page began. Some of it may be newer than the page as it was rendered: the page
// before this one, or another tab, showed it meanwhile. It belongs in the list, and gets no second toast.
let told = shown.seq;
const queue = new ToastQueue({
  show: (notification) => toasts.show(notification),
  more: (count) => toasts.more(count),
  shown: (seq) => shown.raise(seq),
});
const unreadCount = new UnreadCount(page, showCount);
const listSync = new ListSync({ seq: page.seq, rev: page.rev, fetchList, applyList });

const connection = new Connection({
  url: `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}${SOCKET_PATH}`,
  // Not beyond what the server knew when it rendered: another tab may have shown something since, and
  // starting after that would leave it out of this tab's list.
  after: Math.max(page.since, Math.min(shown.seq, page.seq)),
  isOnline: () => navigator.onLine,
  checkSession,
});

function showCount(count) {
  bell.show(count);
  list?.showUnread(count);
}

/** Ends the session on this page, whether the socket or the API learned it first: nothing of it goes on. */
function endSession() {
  connection.stop();
  indicator.set(STATE.SIGNED_OUT);
  find("#signed-out").hidden = false;
}

/** Somebody else signed in with this browser: nothing of theirs may appear on this user's page. */
function isStranger({ user_key: userKey }) {
  return userKey !== undefined && userKey !== page.user_key;
}

/** Whether this answer of the API says that the page's session is over. */
const isOver = ({ status }) => status === 401 || status === OTHER_USER;

async function checkSession() {
  try {
    await api.summary();
    return 200;
  } catch (error) {
    return isOver(error) ? 401 : (error.status ?? 0);
  }
}

async function fetchList() {
  try {
    return await api.list(list?.query() ?? { limit: 1 });
  } catch (error) {
    if (isOver(error)) endSession();
    throw error;
  }
}

function applyList(answer) {
  list?.reconcile(answer);
  unreadCount.beat(answer);
}

/** Applies a change of ours that the server has made. */
function applyOwn(change, answer) {
  if (listSync.answered(answer)) list?.apply(change);
  unreadCount.state(answer);
}

function tellFailure(error) {
  logFailure("request failed", error);
  if (isOver(error)) endSession();
  else toasts.notice(failureWords(error.status, navigator.onLine));
}

async function markFollowed(id) {
  try {
    applyOwn({ read: [id] }, await api.mark("read", { ids: [id] }));
  } catch (error) {
    logFailure("could not mark as read", error); // the link itself works: not worth a toast
    if (isOver(error)) endSession();
  }
}

function receive(notification) {
  unreadCount.notification(notification);
  if (notification.id && listSync.arrived(notification.seq)) list?.add(notification);
  if (notification.seq <= told) return;
  logNotification(notification);
  queue.push(notification);
}

/** Takes away notifications that were deleted: those on screen and those that wait. */
function forget(ids) {
  queue.forget(ids);
  toasts.forget(ids);
}

/** More was missed than the socket replays: the list has it, the newest of it is told like any other. */
async function recover({ seq, from }) {
  let results = [];
  try {
    const answer = await api.list({ limit: 50 });
    results = answer.results.filter((result) => result.seq > from && result.seq <= seq).reverse();
  } catch (error) {
    logFailure("could not fetch what was missed", error);
    if (isOver(error)) {
      endSession();
      return;
    }
  }
  queue.catchUp(seq);
  queue.skip(seq - from - results.length);
  for (const result of results) {
    logNotification(result);
    queue.push(result);
  }
  if (seq < from) shown.reset(seq);
  else shown.raise(seq);
}

// A resync waits for HTTP; what the socket delivers meanwhile is newer and must wait behind it, changes too:
// one may be about a notification that still waits.
let turn = Promise.resolve();
function inTurn(work) {
  turn = turn.then(work).catch((error) => logFailure("unexpected", error));
}

const on = (name, handle) => connection.addEventListener(name, (event) => handle(event.detail));

on("state", (change) => {
  logState(change);
  indicator.set(change.state);
  if (change.state === STATE.SIGNED_OUT) endSession();
});
on("ready", (frame) => {
  if (isStranger(frame)) {
    endSession();
    return;
  }
  inTurn(() => {
    // After a restored backup what comes has numbers that were shown before, and was not.
    if (frame.seq < told) {
      told = 0;
      // Nor may the mark hide from the next page what comes until then.
      shown.reset(Math.min(connection.cursor, frame.seq));
    }
    unreadCount.ready(frame);
    queue.catchUp(frame.seq);
    list?.endAt(frame.seq);
    listSync.ready(frame);
  });
});
on("beat", (frame) =>
  inTurn(() => {
    unreadCount.beat(frame);
    listSync.beat(frame);
  }),
);
on("sync", (frame) =>
  inTurn(() => {
    if (listSync.changed(frame)) list?.apply(frame);
    forget(frame.removed ?? []);
    unreadCount.state(frame);
  }),
);
on("notification", (frame) => inTurn(() => receive(frame)));
on("resync", (gap) => {
  logResync(gap);
  listSync.refresh();
  inTurn(() => recover(gap));
});

if (list !== null) {
  interceptForms(list.element, {
    api,
    failed: tellFailure,
    done: applyOwn,
  });
  list.element.addEventListener("click", (event) => {
    const item = event.target.closest("a[data-message][href]")?.closest("[data-read=false]");
    if (item) markFollowed(item.dataset.id);
  });
}

window.addEventListener("online", () => connection.networkChanged());
window.addEventListener("offline", () => connection.networkChanged());
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) connection.wake();
});
// A page that goes into the back/forward cache must let go of its socket, and takes it up on return.
window.addEventListener("pagehide", () => connection.stop());
window.addEventListener("pageshow", (event) => {
  if (event.persisted) connection.start();
});

showCount(page.unread);
keepTimesFresh(document);
closeOnLeave(find("[data-menu]"));
connection.start();
