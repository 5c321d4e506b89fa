"use strict";
// The secret follows the #. A browser never sends this part of the address to a server, so it appears in no log.
const secret = location.hash.slice(1);
if (secret) {
  history.replaceState(null, "", "/login");
  fetch("/api/v1/session", {
    method: "POST",
    headers: {"Content-Type": "application/json", "X-Sendport-Csrf": "1"},
    body: JSON.stringify({secret}),
  }).then(async answer => {
    if (answer.ok) {
      location.replace("/");
    } else {
      document.getElementById("said").textContent = (await answer.json()).detail.replaceAll("`", "");
    }
  }).catch(() => {
    document.getElementById("said").textContent = "The server does not answer. Run sendport console again.";
  });
}
