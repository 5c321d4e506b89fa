"use strict";
const FORGERY = {"X-Sendport-Csrf": "1"};

// The server writes times in UTC. The page shows them in the browser's time zone, and in UTC on hover.
// The Swedish form is that of ISO 8601, as in the search fields: 2026-11-30 13:27:16.
const LOCAL = new Intl.DateTimeFormat("sv-SE", {dateStyle: "short", timeStyle: "medium"});
const showTimes = within => {
  for (const time of within.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (!time.title && !isNaN(at)) {
      time.title = time.textContent + " UTC";
      time.textContent = LOCAL.format(at);
    }
  }
};
showTimes(document);
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone !== "UTC") {
  document.getElementById("zone").textContent = "Times are in " + zone + ". Hover over a time to see UTC.";
}

const logOff = document.getElementById("log-off");
logOff.hidden = false;
logOff.addEventListener("click", async () => {
  await fetch("/api/v1/session", {method: "DELETE", headers: FORGERY});
  location.replace("/login");
});

// Ask for confirmation before an act that cannot be undone.
document.body.addEventListener("htmx:confirm", event => {
  const question = event.detail.triggeringEvent?.submitter?.dataset.confirm;
  if (question) {
    event.preventDefault();
    if (window.confirm(question)) {
      event.detail.issueRequest(true);
    }
  }
});

// Automatic updates do not replace elements that the reader is using.
document.body.addEventListener("htmx:beforeSwap", event => {
  const target = event.detail.target;
  const isPoll = "X-Sendport-Poll" in event.detail.requestConfig.headers;
  if (isPoll && event.detail.xhr.status >= 400) {
    // The page polls again, and the result of the last action stays visible.
    event.detail.shouldSwap = false;
  }
  if (event.detail.requestConfig.verb === "get" && target.id !== "main"
      && (target.contains(document.activeElement) && document.activeElement !== target || target.querySelector("details[open]"))) {
    event.detail.shouldSwap = false;
  }
});
document.body.addEventListener("htmx:afterSwap", event => {
  showTimes(document);
  if (event.detail.requestConfig.verb !== "get") {
    // Screen readers continue at the result of the action.
    document.getElementById("main").focus();
  }
});
document.body.addEventListener("htmx:sendError", event => {
  if ("X-Sendport-Poll" in event.detail.requestConfig.headers) {
    return;
  }
  const said = document.getElementById("said");
  said.textContent = "The server does not answer. Your last action may or may not have been done; check when the server is back.";
});

// The record of the reader's own act tells nothing new: the page that follows the act shows its result.
const ownRecords = new Set(["RESUMED", "TERMINATED", "RESOLVED", "HELD", "RELEASED"]);
let acted = -Infinity;
document.body.addEventListener("htmx:beforeRequest", event => {
  if (event.detail.requestConfig.verb !== "get") {
    acted = performance.now();
  }
});
const isOwn = record => {
  const own = ownRecords.has(record.kind) && performance.now() - acted < 5000;
  if (own) {
    acted = -Infinity;
  }
  return own;
};

// An event makes the page load its data again, at most every two seconds.
if (document.querySelector("[data-live], [data-message]")) {
  let waits = false;
  const events = new EventSource("/api/v1/events");
  const happened = event => {
    const changed = document.querySelector("[data-message]");
    if (changed) {
      const record = event.type === "record" ? JSON.parse(event.data) : {message: changed.dataset.message};
      if (record.message === changed.dataset.message && record.kind !== "READ" && !isOwn(record)) {
        changed.replaceChildren(Object.assign(document.createElement("a"),
          {href: "/messages/" + changed.dataset.message, textContent: "The message has changed. Reload it"}));
      }
      return;
    }
    if (!waits) {
      waits = true;
      setTimeout(() => {
        waits = false;
        htmx.trigger(document.body, "happened");
      }, 2000);
    }
  };
  events.addEventListener("record", happened);
  events.addEventListener("many", happened);
}
