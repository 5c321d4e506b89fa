"use strict";
const FORGERY = {"X-Sendport-Csrf": "1"};

// Times are made by the server in UTC; a reader sees the zone of the browser, and UTC on hover.
const LOCAL = new Intl.DateTimeFormat(undefined, {dateStyle: "short", timeStyle: "medium"});
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
  document.getElementById("zone").textContent = "Times are those of " + zone + "; hover over one to see UTC.";
}

const logOff = document.getElementById("log-off");
logOff.hidden = false;
logOff.addEventListener("click", async () => {
  await fetch("/api/v1/session", {method: "DELETE", headers: FORGERY});
  location.replace("/login");
});

// What can't be taken back is asked for once more.
document.body.addEventListener("htmx:confirm", event => {
  const question = event.detail.triggeringEvent?.submitter?.dataset.confirm;
  if (question) {
    event.preventDefault();
    if (window.confirm(question)) {
      event.detail.issueRequest(true);
    }
  }
});

// What is updated by itself leaves alone what the reader is using.
document.body.addEventListener("htmx:beforeSwap", event => {
  const target = event.detail.target;
  const isPoll = "X-Sendport-Poll" in event.detail.requestConfig.headers;
  if (isPoll && event.detail.xhr.status >= 400) {
    // It is asked again; what the reader did last stays told.
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
    // Where a reader of the screen goes on: at what came of it.
    document.getElementById("main").focus();
  }
});
document.body.addEventListener("htmx:sendError", event => {
  if ("X-Sendport-Poll" in event.detail.requestConfig.headers) {
    return;
  }
  const said = document.getElementById("said");
  said.textContent = "The server does not answer. Nothing is known of what you asked for; look again when it does.";
});

// Events say what happened; what is shown is asked for again, at most every two seconds.
if (document.querySelector("[data-live], [data-message]")) {
  let waits = false;
  const events = new EventSource("/api/v1/events");
  const happened = event => {
    const changed = document.querySelector("[data-message]");
    if (changed) {
      const record = event.type === "record" ? JSON.parse(event.data) : {message: changed.dataset.message};
      if (record.message === changed.dataset.message && record.kind !== "READ") {
        changed.replaceChildren(Object.assign(document.createElement("a"),
          {href: "/messages/" + changed.dataset.message, textContent: "The message has changed; show it as it is now"}));
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
